// The Lua scripts of what waits, of leases and of the quota: see redis-scripts-rows.ts for their keys. Above each: what it
// is given, and its answer.
import { rows } from './scripts-rows.ts'

const waits = `${rows}
local spreadsheet = ARGV[1]

local function title(given, folded)
  redis.call('HSETNX', base .. ':titles', folded, given)
  return redis.call('HGET', base .. ':titles', folded)
end

local function known(tab, id, again)
  return redis.call('ZSCORE', base .. ':pending', id) or (not again and find(tab, id))
end

-- Here, or in another place that the form has named.
local function knownAnywhere(tab, id, form, again)
  if known(tab, id, again) then return true end
  local own, found = base, false
  for _, place in ipairs(redis.call('SMEMBERS', 'formstream:places:' .. form)) do
    local at = cjson.decode(place)
    base = 'formstream:{' .. at[1] .. '}'
    found = found or known(at[2], id, again)
  end
  base = own
  return found
end

local function put(tab, id, time, form, entry)
  redis.call('ZADD', base .. ':pending', time, id)
  redis.call('ZADD', base .. ':due:' .. tab, time, id)
  redis.call('HSET', base .. ':waits', id, tab)
  redis.call('HSET', base .. ':entries', id, entry)
  redis.call('SREM', base .. ':moved:' .. tab, id)
  redis.call('SADD', 'formstream:spreadsheets', spreadsheet)
  redis.call('SADD', 'formstream:places:' .. form, cjson.encode({spreadsheet, tab}))
end

local function take(id)
  local tab = redis.call('HGET', base .. ':waits', id)
  redis.call('ZREM', base .. ':pending', id)
  redis.call('HDEL', base .. ':waits', id)
  redis.call('HDEL', base .. ':entries', id)
  if tab then redis.call('ZREM', base .. ':due:' .. tab, id) end
end

local function forget(name)
  if redis.call('EXISTS', base .. ':pending') == 0 then redis.call('SREM', 'formstream:spreadsheets', name) end
end
`

/** The spreadsheet; [id, milliseconds, tab, the same in lower case, form, 1 where it may have been recorded, entry]… */
export const add = `${waits}
for n = 2, #ARGV, 7 do
  local id, time, form, again, entry = ARGV[n], ARGV[n + 1], ARGV[n + 4], ARGV[n + 5] == '1', ARGV[n + 6]
  local tab = title(ARGV[n + 2], ARGV[n + 3])
  if not knownAnywhere(tab, id, form, again) then put(tab, id, time, form, entry) end
end
return 0`

/** The spreadsheet; ids. */
export const remove = `${waits}
for n = 2, #ARGV do take(ARGV[n]) end
forget(spreadsheet)
return 0`

/** The key is that of the old spreadsheet: the new one; the old one, its tab, the new tab, that in lower case; ids: those that stay. */
export const move = `${waits}
local from, tab = ARGV[2], ARGV[3]
local old, new = base, 'formstream:{' .. spreadsheet .. '}'
local stay = {}
for n = 6, #ARGV do
  local id = ARGV[n]
  local time, entry = redis.call('ZSCORE', base .. ':due:' .. tab, id), redis.call('HGET', base .. ':entries', id)
  if entry and time and find(tab, id) then
    stay[#stay + 1] = id
  elseif entry and time then
    take(id)
    redis.call('SADD', base .. ':moved:' .. tab, id)
    redis.call('EXPIRE', base .. ':moved:' .. tab, 86400)
    local said = cjson.decode(entry)
    base = new
    local to = title(ARGV[4], ARGV[5])
    if not knownAnywhere(to, id, said.cause.form, said.again) then put(to, id, time, said.cause.form, entry) end
    base = old
  end
end
forget(from)
return stay`

/**
 * [spreadsheet, tab, how many wait, milliseconds of the oldest]…, and [spreadsheet, tab]… of what an earlier version of this task
 * added, which is not sorted by tab.
 */
export const waiting = `
local found, unsorted = {}, {}
for _, spreadsheet in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local base = 'formstream:{' .. spreadsheet .. '}'
  if redis.call('ZCARD', base .. ':pending') > redis.call('HLEN', base .. ':waits') then
    local seen = {}
    for _, id in ipairs(redis.call('ZRANGE', base .. ':pending', 0, -1)) do
      if redis.call('HEXISTS', base .. ':waits', id) == 0 then
        local tab = cjson.decode(redis.call('HGET', base .. ':entries', id)).tab
        if not seen[tab] then unsorted[#unsorted + 1] = {spreadsheet, tab} end
        seen[tab] = true
      end
    end
  end
  for _, tab in ipairs(redis.call('HVALS', base .. ':titles')) do
    local oldest = redis.call('ZRANGE', base .. ':due:' .. tab, 0, 0, 'WITHSCORES')[2]
    if oldest then
      found[#found + 1] = {spreadsheet, tab, redis.call('ZCARD', base .. ':due:' .. tab), oldest}
    end
  end
end
return {found, unsorted}`

/** The spreadsheet; a tab that `waiting` named as not sorted, the same in lower case. */
export const sort = `${waits}
local tab = title(ARGV[2], ARGV[3])
for _, id in ipairs(redis.call('ZRANGE', base .. ':pending', 0, -1)) do
  if redis.call('HEXISTS', base .. ':waits', id) == 0 then
    local entry = cjson.decode(redis.call('HGET', base .. ':entries', id))
    if entry.tab == ARGV[2] then
      redis.call('HSET', base .. ':waits', id, tab)
      redis.call('ZADD', base .. ':due:' .. tab, redis.call('ZSCORE', base .. ':pending', id), id)
    end
  end
end
return 0`

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
