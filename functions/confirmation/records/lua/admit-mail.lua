-- Counts a mail to an address: 1 if it is one of the first few within the period, 0 otherwise. A mail is counted once.
-- KEYS: the mails of the address, a sorted set of id → time
-- ARGV: the id of the mail, the time now, the period, both in ms, the limit
local now, period = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - period)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 1
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then
  return 0
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], period)
return 1
