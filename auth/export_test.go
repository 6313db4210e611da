package auth

// Entries is how many tokens a Remote remembers.
func (r *Remote) Entries() int { return r.cache.len() }
