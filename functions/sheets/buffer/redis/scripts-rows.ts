// What the Lua scripts share. Each runs as a whole or not at all. The key that each is given is `formstream:{<spreadsheet>}`. What it
// keeps for the spreadsheet is in keys that begin with that:
//   :pending          sorted set: time of submission -> id
//   :due:<tab>        the same, of those that wait for one tab
//   :entries :waits   hashes: id -> entry, id -> the tab that it waits for
//   :moved:<tab>      set: ids that wait, or stand, elsewhere by now; for a day
//   :titles           hash: title in lower case -> the title that the tab is known by
//   :writes           counter: what makes each script write, so that the WAIT behind it speaks for all before it
//   :owner :lease     strings
//   :tab:<tab>        hash: part, next:<part>, trusted:<part> = the server that led when it was looked into,
//                     time and id of the row that is last in order, and which section each part has
//   :rows:<tab>:<x>   hashes of a few rows each, which Redis keeps packed: digest of the id -> section and row, one number
// Outside of them are `formstream:spreadsheets`, set: the spreadsheets with rows that wait; `formstream:places:<form>`, set: JSON of each
// spreadsheet and tab that the rows of a form were meant for; and `formstream:titled`: see buffer-redis-titles.ts.
// A part gets a new section when it is rebuilt: the rows of the old section count no more, all at once.

export const rows = `
local base = KEYS[1]
local perSection = 16777216

local function leader()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or 'unknown'
end

local function bucket(tab, id)
  local digest = redis.sha1hex(id)
  return base .. ':rows:' .. tab .. ':' .. digest:sub(1, 3), digest:sub(4, 23)
end

local function put(tab, id, section, row)
  local key, field = bucket(tab, id)
  redis.call('HSET', key, field, string.format('%.0f', section * perSection + row))
end

local function meta(tab, name)
  return redis.call('HGET', base .. ':tab:' .. tab, name)
end

local function set(tab, name, value)
  redis.call('HSET', base .. ':tab:' .. tab, name, value)
end

local function find(tab, id)
  local number = tonumber(redis.call('HGET', bucket(tab, id)))
  if not number then return nil end
  local section = math.floor(number / perSection)
  local part = tonumber(meta(tab, 'part of:' .. section))
  if part then return part, number % perSection end
end

local function newSection(tab)
  return redis.call('HINCRBY', base .. ':tab:' .. tab, 'sections', 1)
end

local function setSection(tab, part, section)
  local old = meta(tab, 'section:' .. part)
  if old then redis.call('HDEL', base .. ':tab:' .. tab, 'part of:' .. old) end
  set(tab, 'section:' .. part, section)
  set(tab, 'part of:' .. section, part)
end

local function sectionOf(tab, part)
  local known = tonumber(meta(tab, 'section:' .. part))
  if known then return known end
  local section = newSection(tab)
  setSection(tab, part, section)
  return section
end

local function lastPart(tab)
  return tonumber(meta(tab, 'part')) or 1
end

local function nextRow(tab, part)
  return tonumber(meta(tab, 'next:' .. part)) or 2
end

local function suspect(tab)
  local now = leader()
  for part = 1, lastPart(tab) do
    if meta(tab, 'trusted:' .. part) ~= now then return now end
  end
  return false
end

redis.call('INCR', base .. ':writes')
`
