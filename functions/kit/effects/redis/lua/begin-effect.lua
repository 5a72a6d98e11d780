-- Begins an attempt, unless the effect is done, held or left. Returns what is known of the effect, as JSON.
-- KEYS: the effects of a submission, a hash of effect → entry
-- ARGV: effect, attempt, milliseconds of its lease, policy for unknown effects, milliseconds for which entries are kept
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local stored = redis.call('HGET', KEYS[1], ARGV[1])
local entry = stored and cjson.decode(stored) or { state = 'free', unknown = 0 }
local known
if entry.state == 'done' then
  known = { state = 'done', unknown = entry.unknown, result = entry.result }
elseif entry.state == 'begun' and entry.lease > now() then
  known = { state = 'held' }
else
  local interrupted = entry.state == 'begun'
  local unknown = entry.unknown + (interrupted and 1 or 0)
  local state = (unknown > 0 and ARGV[4] == 'leave') and 'unknown' or 'begun'
  entry = { state = state, unknown = unknown }
  if state == 'begun' then
    entry.attempt = ARGV[2]
    entry.lease = now() + ARGV[3]
  end
  known = { state = state, unknown = unknown, interrupted = interrupted }
end
-- Written in any case, so that the replicas acknowledge what the reply says.
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(entry))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return cjson.encode(known)
