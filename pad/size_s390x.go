package pad

// Size is how many bytes keep two values out of each other's way: a cache line.
const Size = 256
