-- Notes what became of an attempt. No effect if another attempt has begun since.
-- KEYS: the effects of a submission, a hash of effect → entry
-- ARGV: effect, attempt, state (done, free or unknown), result as JSON text
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local entry = stored and cjson.decode(stored)
if not entry then
  return 0
end
if entry.attempt ~= ARGV[2] then
  -- Or the note of an earlier call, whose reply was lost. Written again, so that the replicas acknowledge it this time.
  redis.call('HSET', KEYS[1], ARGV[1], stored)
  return 0
end
local state, unknown = ARGV[3], entry.unknown
if state == 'unknown' then
  unknown = unknown + 1
elseif state == 'free' and unknown > 0 then
  state = 'unknown'
end
if state == 'free' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  local noted = { state = state, unknown = unknown }
  if state == 'done' then noted.result = ARGV[4] end
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(noted))
end
return 1
