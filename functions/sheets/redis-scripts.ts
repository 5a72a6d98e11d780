// The Lua scripts of what waits, of leases and of the quota: see redis-scripts-rows.ts for their keys. Above each: what it
// is given, and its answer.
import { rows } from './redis-scripts-rows.ts'

/** The spreadsheet; [id, milliseconds, tab, 1 where it may have been recorded, entry]… */
export const add = `${rows}
for n = 2, #ARGV, 5 do
  local id, time, tab, again, entry = ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3], ARGV[n + 4]
  if not redis.call('ZSCORE', base .. ':pending', id) and (again == '1' or not find(tab, id)) then
    redis.call('ZADD', base .. ':pending', time, id)
    redis.call('HSET', base .. ':entries', id, entry)
  end
end
if redis.call('EXISTS', base .. ':pending') == 1 then redis.call('SADD', 'formstream:spreadsheets', ARGV[1]) end
return 0`

/** The spreadsheet; ids. */
export const remove = `
local base = KEYS[1]
for n = 2, #ARGV do
  redis.call('ZREM', base .. ':pending', ARGV[n])
  redis.call('HDEL', base .. ':entries', ARGV[n])
end
if redis.call('EXISTS', base .. ':pending') == 0 then redis.call('SREM', 'formstream:spreadsheets', ARGV[1]) end
return 0`

/** [spreadsheet, how many wait, milliseconds of the oldest]… */
export const waiting = `
local found = {}
for _, spreadsheet in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local pending = 'formstream:{' .. spreadsheet .. '}:pending'
  local oldest = redis.call('ZRANGE', pending, 0, 0, 'WITHSCORES')[2]
  if oldest then
    found[#found + 1] = {spreadsheet, redis.call('ZCARD', pending), oldest}
  end
end
return found`

/** Token, milliseconds. */
export const renew = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`

/** Token. */
export const release = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

/** A name for the call, how many fit in a minute: 0 where one more fits, else milliseconds until it might. */
export const take = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most = math.ceil(tonumber(ARGV[2]))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
local calls = redis.call('ZCARD', KEYS[1])
if calls < most then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], 60000)
  return 0
end
local leaves = redis.call('ZRANGE', KEYS[1], calls - most, calls - most, 'WITHSCORES')[2]
return math.max(1, leaves + 60000 - now)`
