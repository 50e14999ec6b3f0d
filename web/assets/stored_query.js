// Enhances the result on the page of a stored query.
import { enhanceResult } from "./query_result.js";

enhanceResult(document);
