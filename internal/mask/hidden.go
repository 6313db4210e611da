package mask

// Hidden holds what must not be printed even where fmt calls no methods: in
// unexported fields, and by verbs that are not for pointers, by which fmt prints
// what a pointer leads to, but not what a pointer to a pointer does.
type Hidden[T any] struct{ value **T }

// Hide returns a Hidden that holds v.
func Hide[T any](v T) Hidden[T] {
	value := &v
	return Hidden[T]{&value}
}

// Pointer leads to what is held. The zero Hidden has none.
func (h Hidden[T]) Pointer() *T { return *h.value }
