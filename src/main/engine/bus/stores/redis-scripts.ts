/**
 * What the Redis store does in one step, in Lua. Keys of one space: `bodies` (id -> JSON), `meta` (id -> position, lane, yool and
 * deliveries as JSON), sorted sets of free ids by position (`all`, `lane:…`, `yool:…`, `both:…`), `lent` (id by end of lease),
 * `holders` (id -> holder), `held` (holder -> id), `position`. Every script names its keys by the prefix in KEYS[1], so that
 * all of them lie in one slot when it has the form `{name}`.
 */

const shared = `
local p = KEYS[1]
local function now() local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000) end
local function sets(lane, yool)
  local names = { p .. 'all' }
  if lane then names[#names + 1] = p .. 'lane:' .. lane end
  if yool then names[#names + 1] = p .. 'yool:' .. yool end
  if lane and yool then names[#names + 1] = p .. 'both:' .. #lane .. ':' .. lane .. yool end
  return names
end
local function metaOf(id) local m = redis.call('HGET', p .. 'meta', id) return m and cjson.decode(m) end
local function text(value) if value == cjson.null then return nil end return value end
local function free(id, m)
  for _, name in ipairs(sets(text(m.lane), text(m.yool))) do redis.call('ZADD', name, m.position, id) end
end
local function hide(id, m)
  for _, name in ipairs(sets(text(m.lane), text(m.yool))) do redis.call('ZREM', name, id) end
end
local function unlend(id)
  local holder = redis.call('HGET', p .. 'holders', id)
  if holder then redis.call('HDEL', p .. 'held', holder) end
  redis.call('HDEL', p .. 'holders', id)
  redis.call('ZREM', p .. 'lent', id)
end
local function drop(id) redis.call('HDEL', p .. 'bodies', id) redis.call('HDEL', p .. 'meta', id) end
local function add(id, body, given, laneText, yoolText)
  local lane = cjson.null
  local yool = cjson.null
  if string.sub(given, 1, 1) == '1' then lane = laneText end
  if string.sub(given, 2, 2) == '1' then yool = yoolText end
  local m = { position = redis.call('INCR', p .. 'position'), lane = lane, yool = yool, deliveries = 0 }
  redis.call('HSET', p .. 'bodies', id, body)
  redis.call('HSET', p .. 'meta', id, cjson.encode(m))
  free(id, m)
  redis.call('PUBLISH', p .. 'arrivals', id)
end
local function holds(id, holder)
  if redis.call('HGET', p .. 'holders', id) ~= holder then return false end
  return tonumber(redis.call('ZSCORE', p .. 'lent', id)) > now()
end
local function expire()
  local ids = redis.call('ZRANGEBYSCORE', p .. 'lent', '-inf', now(), 'LIMIT', 0, 1000)
  for _, id in ipairs(ids) do
    unlend(id)
    free(id, metaOf(id))
  end
  if #ids > 0 then redis.call('PUBLISH', p .. 'arrivals', '') end
  return #ids
end
`

/** ARGV: id, body, lane or '', yool or '', whether lane and yool are given ('11', '10', …), the limit. 1: put; 0: is there already; -1: full. */
const put = `${shared}
local id = ARGV[1]
if redis.call('HEXISTS', p .. 'bodies', id) == 1 then return 0 end
if redis.call('HLEN', p .. 'bodies') >= tonumber(ARGV[6]) then return -1 end
add(id, ARGV[2], ARGV[5], ARGV[3], ARGV[4])
return 1
`

/**
 * ARGV: name of a set without prefix, or '' for an id; that id; length of the lease; holder. Lends the oldest of the set, or the id
 * if it is free. Asked again with the same holder it answers the same, so that it can be sent again when an answer was lost.
 */
const lend = `${shared}
local held = redis.call('HGET', p .. 'held', ARGV[4])
local id = held
if not id then
  expire()
  if ARGV[1] == '' then
    if not redis.call('ZSCORE', p .. 'all', ARGV[2]) then return false end
    id = ARGV[2]
  else
    id = redis.call('ZRANGE', p .. ARGV[1], 0, 0)[1]
    if not id then return false end
  end
end
local m = metaOf(id)
if not held then
  hide(id, m)
  m.deliveries = m.deliveries + 1
  redis.call('HSET', p .. 'meta', id, cjson.encode(m))
  redis.call('HSET', p .. 'holders', id, ARGV[4])
  redis.call('HSET', p .. 'held', ARGV[4], id)
  redis.call('ZADD', p .. 'lent', now() + tonumber(ARGV[3]), id)
end
return { redis.call('HGET', p .. 'bodies', id), m.deliveries }
`

/** ARGV: id, holder. 1: removed, also when an earlier sending of the call did it; 0: it is not lent to this holder any more. */
const acknowledge = `${shared}
local done = p .. 'done:' .. ARGV[2]
if redis.call('EXISTS', done) == 1 then return 1 end
if not holds(ARGV[1], ARGV[2]) then return 0 end
unlend(ARGV[1])
drop(ARGV[1])
redis.call('SET', done, 1, 'EX', 60)
return 1
`

/** ARGV: id, holder of what goes; id, body, lane or '', yool or '', whether lane and yool are given of what comes. Answers as acknowledge. */
const replace = `${shared}
local done = p .. 'done:' .. ARGV[2]
if redis.call('EXISTS', done) == 1 then return 1 end
if not holds(ARGV[1], ARGV[2]) then return 0 end
unlend(ARGV[1])
drop(ARGV[1])
if redis.call('HEXISTS', p .. 'bodies', ARGV[3]) == 0 then add(ARGV[3], ARGV[4], ARGV[7], ARGV[5], ARGV[6]) end
redis.call('SET', done, 1, 'EX', 60)
return 1
`

/** ARGV: id, holder, length of the lease. */
const renew = `${shared}
if not holds(ARGV[1], ARGV[2]) then return 0 end
redis.call('ZADD', p .. 'lent', now() + tonumber(ARGV[3]), ARGV[1])
return 1
`

/** ARGV: id, holder, by how much the deliveries are fewer. */
const giveBack = `${shared}
if not holds(ARGV[1], ARGV[2]) then return 0 end
unlend(ARGV[1])
local m = metaOf(ARGV[1])
m.deliveries = m.deliveries - tonumber(ARGV[3])
redis.call('HSET', p .. 'meta', ARGV[1], cjson.encode(m))
free(ARGV[1], m)
redis.call('PUBLISH', p .. 'arrivals', ARGV[1])
return 1
`

/** Gives back what is overdue, at most a thousand at a time. */
const expire = `${shared}
return expire()
`

/** ARGV: name of a set without prefix, how many of the newest stay. Removes its oldest thousand; asked again until it answers 0. */
const discard = `${shared}
local many = math.min(1000, redis.call('ZCARD', p .. ARGV[1]) - tonumber(ARGV[2]))
if many < 1 then return 0 end
local ids = redis.call('ZRANGE', p .. ARGV[1], 0, many - 1)
for _, id in ipairs(ids) do
  hide(id, metaOf(id))
  drop(id)
end
return #ids
`

/** For each lane: its name as JSON (null: none), free, lent. */
const lanes = `${shared}
local counts = {}
for _, encoded in ipairs(redis.call('HVALS', p .. 'meta')) do
  local lane = cjson.encode(cjson.decode(encoded).lane)
  counts[lane] = counts[lane] or { 0, 0 }
  counts[lane][1] = counts[lane][1] + 1
end
for _, id in ipairs(redis.call('ZRANGE', p .. 'lent', 0, -1)) do
  local lane = cjson.encode(metaOf(id).lane)
  counts[lane][1] = counts[lane][1] - 1
  counts[lane][2] = counts[lane][2] + 1
end
local answer = {}
for lane, count in pairs(counts) do answer[#answer + 1] = { lane, count[1], count[2] } end
return answer
`

/** By the name under which the client knows them. */
export const redisScripts = { put, lend, acknowledge, replace, renew, giveBack, expire, discard, lanes }
export type RedisScript = keyof typeof redisScripts
