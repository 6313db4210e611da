package main

import (
	"errors"
	"time"

	"github.com/urfave/cli/v3"
)

// durationFlag is the library's, with an error that says what to write.
type durationFlag = cli.FlagBase[time.Duration, cli.NoConfig, durationValue]

// durationValue is the value of a durationFlag.
type durationValue time.Duration

// Create makes the value that writes to p.
func (durationValue) Create(value time.Duration, p *time.Duration, _ cli.NoConfig) cli.Value {
	*p = value
	return (*durationValue)(p)
}

// ToString is a default as the help shows it.
func (durationValue) ToString(value time.Duration) string { return value.String() }

// Set reads what a flag or its variable has.
func (d *durationValue) Set(text string) error {
	value, err := time.ParseDuration(text)
	if err != nil {
		return errors.New("it is no duration: use hours, such as 720h, or minutes and seconds, such as 90m or 30s")
	}
	*d = durationValue(value)
	return nil
}

// Get returns the time.Duration.
func (d *durationValue) Get() any { return time.Duration(*d) }

// String implements flag.Value.
func (d *durationValue) String() string { return time.Duration(*d).String() }
