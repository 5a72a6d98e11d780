// The module of undici with its pool of connections alone. The whole of undici would double the size of a small bundle.
declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici'
}
