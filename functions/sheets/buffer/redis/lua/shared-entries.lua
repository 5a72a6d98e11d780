-- Shared by the scripts that add, move and remove entries, after shared-ledger.lua. ARGV[1]: the spreadsheet.
local spreadsheet = ARGV[1]

local function knownTitle(title, folded)
  redis.call('HSETNX', base .. ':titles', folded, title)
  return redis.call('HGET', base .. ':titles', folded)
end

local function isKnown(tab, id, again)
  return redis.call('ZSCORE', base .. ':pending', id) or (not again and findRow(tab, id))
end

-- In this tab, or in any other that the form has named.
local function isKnownAnywhere(tab, id, form, again)
  if isKnown(tab, id, again) then return true end
  local own, found = base, false
  for _, place in ipairs(redis.call('SMEMBERS', 'formstream:places:' .. form)) do
    local at = cjson.decode(place)
    base = 'formstream:{' .. at[1] .. '}'
    found = found or isKnown(at[2], id, again)
  end
  base = own
  return found
end

local function putEntry(tab, id, time, form, entry)
  redis.call('ZADD', base .. ':pending', time, id)
  redis.call('ZADD', base .. ':due:' .. tab, time, id)
  redis.call('HSET', base .. ':waits', id, tab)
  redis.call('HSET', base .. ':entries', id, entry)
  redis.call('SREM', base .. ':moved:' .. tab, id)
  redis.call('SADD', 'formstream:spreadsheets', spreadsheet)
  redis.call('SADD', 'formstream:places:' .. form, cjson.encode({spreadsheet, tab}))
end

local function removeEntry(id)
  local tab = redis.call('HGET', base .. ':waits', id)
  redis.call('ZREM', base .. ':pending', id)
  redis.call('HDEL', base .. ':waits', id)
  redis.call('HDEL', base .. ':entries', id)
  if tab then redis.call('ZREM', base .. ':due:' .. tab, id) end
end

local function removeIfEmpty(name)
  if redis.call('EXISTS', base .. ':pending') == 0 then redis.call('SREM', 'formstream:spreadsheets', name) end
end
