-- Asks the queries of a file in turn, over and over. With a salt, each ends in a comment of its own, so that
-- no two requests of a run are the same and no cache of whole answers can help.
-- Arguments: file of paths, one a line; salt, or nothing.

local heads, tail, salt = {}, "", nil
local number = 0

function init(args)
  salt = args[2]
  tail = " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
    .. "\r\nAccept: application/sparql-results+json\r\n\r\n"
  for path in io.lines(args[1]) do
    heads[#heads + 1] = "GET " .. path .. (salt and "%20%23" .. salt .. "-" or tail)
  end
end

function request()
  local head = heads[number % #heads + 1]
  number = number + 1
  return salt and head .. number .. tail or head
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "p50_us": %d, "p99_us": %d, "max_us": %d, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
