// The Lua scripts of one tab's ledger: see redis-scripts-rows.ts for their keys; `:tab:<tab>` also holds `batch`, the JSON of the batch
// that is being written, `batch id`, and `version`. Row 0: being written. Above each script: what it is given, and its answer.
import { rows } from './scripts-rows.ts'

/** Tab, an owner id for a spreadsheet that has none: owner, and the server that leads where the ledger is suspect. */
export const open = `${rows}
redis.call('SET', base .. ':owner', ARGV[2], 'NX')
return {redis.call('GET', base .. ':owner'), leader(), suspect(ARGV[1]) and 1 or 0}`

/** Tab: version, batch or '', part, next row, milliseconds and id of the last in order. */
export const known = `${rows}
local tab = ARGV[1]
local part = lastPart(tab)
return {
  tonumber(meta(tab, 'version')) or 0, meta(tab, 'batch') or '', part, nextRow(tab, part),
  meta(tab, 'time') or '', meta(tab, 'id') or ''
}`

/** Tab, ids: part and row of each, 0 and 0 where it has none. */
export const places = `${rows}
local found = {}
for n = 2, #ARGV do
  local part, row = find(ARGV[1], ARGV[n])
  found[#found + 1] = part or 0
  found[#found + 1] = row or 0
end
return found`

/**
 * Tab, version, batch, its id, its part, milliseconds and id of the last in order, ids: 1, or 0 where another batch was
 * written meanwhile, or the server that leads where the ledger is suspect.
 */
export const begin = `${rows}
local tab, part = ARGV[1], tonumber(ARGV[5])
local refused = suspect(tab)
if refused then return refused end
if redis.call('EXISTS', base .. ':moved:' .. tab) == 1 then
  for n = 8, #ARGV do
    if redis.call('SISMEMBER', base .. ':moved:' .. tab, ARGV[n]) == 1 then
      return redis.error_reply('ELSEWHERE another instance moved rows to another tab meanwhile')
    end
  end
end
if meta(tab, 'batch') or (tonumber(meta(tab, 'version')) or 0) ~= tonumber(ARGV[2]) then return 0 end
if part > lastPart(tab) then
  set(tab, 'part', part)
  set(tab, 'trusted:' .. part, leader())
end
local section = sectionOf(tab, part)
local writing = string.format('%.0f', section * perSection)
for n = 8, #ARGV do
  local key, field = bucket(tab, ARGV[n])
  -- One that is there may be of a section that counts no more.
  if redis.call('HSETNX', key, field, writing) == 0 and not find(tab, ARGV[n]) then put(tab, ARGV[n], section, 0) end
end
set(tab, 'batch', ARGV[3])
set(tab, 'batch id', ARGV[4])
set(tab, 'time', ARGV[6])
set(tab, 'id', ARGV[7])
return 1`

/**
 * Tab, id of the batch, its part, next row (0: nothing of it stands), milliseconds and id of the last in order before it, ids
 * that never will stand: 1, or 0 where it has ended already.
 */
export const finish = `${rows}
local tab = ARGV[1]
local refused = suspect(tab)
if refused then return refused end
if meta(tab, 'batch id') ~= ARGV[2] then return 0 end
redis.call('HDEL', base .. ':tab:' .. tab, 'batch', 'batch id')
redis.call('HINCRBY', base .. ':tab:' .. tab, 'version', 1)
if ARGV[4] ~= '0' then
  set(tab, 'next:' .. ARGV[3], ARGV[4])
else
  set(tab, 'time', ARGV[5])
  set(tab, 'id', ARGV[6])
end
for n = 7, #ARGV do
  local part, row = find(tab, ARGV[n])
  if row == 0 then redis.call('HDEL', bucket(tab, ARGV[n])) end
end
return 1`

/** Tab, part, section (0: the part's own), [id, row]… */
export const place = `${rows}
local tab, section = ARGV[1], tonumber(ARGV[3])
if section == 0 then section = sectionOf(tab, ARGV[2]) end
for n = 4, #ARGV, 2 do put(tab, ARGV[n], section, tonumber(ARGV[n + 1])) end
return 0`

/** Tab, part: a new section for it. Nothing is written to it until the part is settled. */
export const renew = `${rows}
redis.call('HDEL', base .. ':tab:' .. ARGV[1], 'trusted:' .. ARGV[2])
return newSection(ARGV[1])`

/**
 * Tab, part, section (0: the part's own), next row, the server that led when the sheet was looked into, 1 where nothing stands
 * any more: 1 where other parts are suspect still, 0 where not, or who leads by now.
 */
export const settle = `${rows}
local tab, part, section = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now = leader()
if now ~= ARGV[5] then return now end
if section > 0 then setSection(tab, part, section) end
if ARGV[6] == '1' and lastPart(tab) == 1 then redis.call('HDEL', base .. ':tab:' .. tab, 'time', 'id') end
set(tab, 'part', math.max(part, lastPart(tab)))
set(tab, 'next:' .. part, ARGV[4])
set(tab, 'trusted:' .. part, now)
return suspect(tab) and 1 or 0`
