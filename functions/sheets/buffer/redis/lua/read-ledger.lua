-- ARGV: tab
-- Returns {version, open batch as JSON or '', part, next row, ms of the last in order or '', its id or ''}.
local tab = ARGV[1]
local part = lastPart(tab)
return {
  tonumber(get(tab, 'version')) or 0, get(tab, 'batch') or '', part, nextRow(tab, part),
  get(tab, 'time') or '', get(tab, 'id') or ''
}
