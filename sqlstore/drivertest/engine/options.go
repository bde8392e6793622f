package engine

// An Option changes how a server is started. A server from the environment is
// used as it is.
type Option func(*options)

type options struct {
	fast     bool
	settings []string // name=value, after and so above our own
}

// Fast trades durability for speed: commits do not reach the disk. For tests
// that neither measure nor kill the server.
func Fast(o *options) { o.fast = true }

// Setting sets a variable of the server, such as Setting("work_mem", "8MB") on
// PostgreSQL or Setting("innodb_lock_wait_timeout", "2") on MariaDB. It lasts
// over restarts. A name that the server does not know makes the start fail.
func Setting(name, value string) Option {
	return func(o *options) { o.settings = append(o.settings, name+"="+value) }
}

func collect(given []Option) options {
	var o options
	for _, option := range given {
		option(&o)
	}
	return o
}
