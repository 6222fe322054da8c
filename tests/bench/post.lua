-- Each request a post of its own: wrk's threads number theirs apart.
local counter = 0
local threads = 0
function setup(thread) thread:set("number", threads); threads = threads + 1 end
function request()
  counter = counter + 1
  local id = number .. "-" .. counter
  local body = '{"id":"' .. id .. '","channel":"x","author":"u' .. id .. '","created_at":"2026-03-02T09:00:00Z","text":"' ..
    os.getenv("POST_TEXT") .. '"}'
  return wrk.format("POST", "/v1/posts", { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json" }, body)
end
