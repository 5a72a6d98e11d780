// The Lua scripts of one tab's ledger: see redis-scripts-rows.ts for their keys. Above each: what it is given, and its answer.
import { rows } from './redis-scripts-rows.ts'

/** Tab, an owner id for a spreadsheet that has none: owner, and the server that leads where the ledger is suspect. */
export const open = `${rows}
redis.call('SET', base .. ':owner', ARGV[2], 'NX')
return {redis.call('GET', base .. ':owner'), leader(), suspect(ARGV[1]) and 1 or 0}`

/** Tab, last row, [id, milliseconds]…: [part, row, fresh, late]…, or the server that leads where the ledger is suspect. */
export const allocate = `${rows}
local tab, lastRow = ARGV[1], tonumber(ARGV[2])
local refused = suspect(tab)
if refused then return refused end
if redis.call('EXISTS', base .. ':moved:' .. tab) == 1 then
  for n = 3, #ARGV, 2 do
    if redis.call('SISMEMBER', base .. ':moved:' .. tab, ARGV[n]) == 1 then
      return redis.error_reply('ELSEWHERE another instance moved rows to another tab meanwhile')
    end
  end
end
local part = lastPart(tab)
local section, row = sectionOf(tab, part), nextRow(tab, part)
local lastTime, lastId = tonumber(meta(tab, 'time')) or 0, meta(tab, 'id') or ''
local found = {}
for n = 3, #ARGV, 2 do
  local id, time = ARGV[n], tonumber(ARGV[n + 1])
  local knownPart, knownRow = find(tab, id)
  if knownPart then
    found[#found + 1] = {knownPart, knownRow, 0, 0}
  else
    while row > lastRow do
      set(tab, 'next:' .. part, row)
      part = part + 1
      set(tab, 'part', part)
      set(tab, 'trusted:' .. part, leader())
      section, row = sectionOf(tab, part), nextRow(tab, part)
    end
    local late = time < lastTime or (time == lastTime and id < lastId)
    if not late then lastTime, lastId = time, id end
    put(tab, id, section, row)
    found[#found + 1] = {part, row, 1, late and 1 or 0}
    row = row + 1
  end
end
set(tab, 'next:' .. part, row)
set(tab, 'time', string.format('%.0f', lastTime))
set(tab, 'id', lastId)
return found`

/** Tab, part, last used row, ids: the row of the first, or the server that leads where the ledger is suspect. */
export const reallocate = `${rows}
local tab, part = ARGV[1], ARGV[2]
local refused = suspect(tab)
if refused then return refused end
local section = sectionOf(tab, part)
local first = math.max(nextRow(tab, part), tonumber(ARGV[3]) + 1)
for n = 4, #ARGV do put(tab, ARGV[n], section, first + n - 4) end
set(tab, 'next:' .. part, first + #ARGV - 3)
return first`

/** Tab, part, section (0: the part's own), [id, row]… */
export const place = `${rows}
local tab, section = ARGV[1], tonumber(ARGV[3])
if section == 0 then section = sectionOf(tab, ARGV[2]) end
for n = 4, #ARGV, 2 do put(tab, ARGV[n], section, tonumber(ARGV[n + 1])) end
return 0`

/** Tab, part: a new section for it. No rows are given until the part is settled. */
export const begin = `${rows}
redis.call('HDEL', base .. ':tab:' .. ARGV[1], 'trusted:' .. ARGV[2])
return newSection(ARGV[1])`

/** Tab, part, from, to: [id, row]… of those from one to another of what waits that have a row in the part. */
export const kept = `${rows}
local found = {}
for _, id in ipairs(redis.call('ZRANGE', base .. ':pending', ARGV[3], ARGV[4])) do
  local part, row = find(ARGV[1], id)
  if part == tonumber(ARGV[2]) then found[#found + 1] = {id, row} end
end
return found`

/**
 * Tab, part, section (0: the part's own, whose next row never goes back), next row, the server that led when the sheet was
 * looked into, 1 where nothing stands any more: 1 where other parts are suspect still, 0 where not, or who leads by now.
 */
export const settle = `${rows}
local tab, part, section, following = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local now = leader()
if now ~= ARGV[5] then return now end
if section == 0 then
  following = math.max(following, nextRow(tab, part))
else
  setSection(tab, part, section)
end
if ARGV[6] == '1' and lastPart(tab) == 1 then redis.call('HDEL', base .. ':tab:' .. tab, 'time', 'id') end
set(tab, 'part', math.max(part, lastPart(tab)))
set(tab, 'next:' .. part, following)
set(tab, 'trusted:' .. part, now)
return suspect(tab) and 1 or 0`
