-- Counts one call to Google if the last minute has room for it.
-- KEYS[1]: sorted set: ms -> call. ARGV: a unique name for the call, calls per minute
-- Returns 0 if there was room, else the ms to wait.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max = math.ceil(tonumber(ARGV[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
local calls = redis.call('ZCARD', KEYS[1])
if calls < max then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], 60000)
  return 0
end
local leaves = redis.call('ZRANGE', KEYS[1], calls - max, calls - max, 'WITHSCORES')[2]
return math.max(1, leaves + 60000 - now)
