-- Makes a part trusted after its rows were read from the sheet and stored.
-- ARGV: tab, part, section (0: the current one of the part), next row, server that led when the sheet was read,
--   '1' if the part was rebuilt without rows
-- Returns 1 if other parts are still suspect, 0 if none is, or the server that leads if it is another one by now.
local tab, part, section, next = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local ledWhenRead, empty = ARGV[5], ARGV[6] == '1'
local now = leader()
if now ~= ledWhenRead then return now end
if section > 0 then setSection(tab, part, section) end
if empty and lastPart(tab) == 1 then redis.call('HDEL', base .. ':tab:' .. tab, 'time', 'id') end
set(tab, 'part', math.max(part, lastPart(tab)))
set(tab, 'next:' .. part, next)
set(tab, 'trusted:' .. part, now)
return suspectLeader(tab) and 1 or 0
