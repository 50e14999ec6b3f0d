// Adds to the answer of a stored query.
import { dress } from "./tables.js";

dress(document);
