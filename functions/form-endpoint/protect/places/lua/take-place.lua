-- Takes a place of a form for a submission: 1 if it has one now, 0 if none is free. A repeat shares the place of the first request.
-- KEYS: the form's places, a hash of submission id → requests that hold the place
-- ARGV: the submission's id, the limit
local isRepeat = redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1
if not isRepeat and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
return 1
