package concurrent

// A Crew makes calls in goroutines that it uses again: the stack of each new goroutine
// would have to grow.
type Crew struct {
	idle chan func() // to a goroutine that waits for a call
	over <-chan struct{}
}

// NewCrew returns a Crew whose idle goroutines end when over is closed.
func NewCrew(over <-chan struct{}) *Crew { return &Crew{make(chan func()), over} }

// Start makes the call in a goroutine that is idle, or in a new one.
func (c *Crew) Start(call func()) {
	select {
	case c.idle <- call:
	default:
		go c.work(call)
	}
}

// work makes the call, and others that come after it.
func (c *Crew) work(call func()) {
	for {
		call()
		select {
		case call = <-c.idle:
		case <-c.over:
			return
		}
	}
}
