-- Sorts the entries of an earlier version by tab.
-- ARGV: spreadsheet, a tab that count-waiting.lua returned as not sorted, the tab in lower case
-- Returns 0.
local title, folded = ARGV[2], ARGV[3]
local tab = knownTitle(title, folded)
for _, id in ipairs(redis.call('ZRANGE', base .. ':pending', 0, -1)) do
  if redis.call('HEXISTS', base .. ':waits', id) == 0 then
    local entry = cjson.decode(redis.call('HGET', base .. ':entries', id))
    if entry.tab == title then
      redis.call('HSET', base .. ':waits', id, tab)
      redis.call('ZADD', base .. ':due:' .. tab, redis.call('ZSCORE', base .. ':pending', id), id)
    end
  end
end
return 0
