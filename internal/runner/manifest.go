package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// ManifestName is the file that makes a folder a function.
const ManifestName = "function.json"

// Bounds of a Manifest.
const (
	DefaultTimeout = 15 * time.Second  // Appwrite's, contract section 11
	MaxTimeout     = 900 * time.Second // likewise
	MaxName        = 128               // characters
	MaxArgs        = 100
	MaxRoles       = 100
	maxManifest    = 1 << 20 // bytes of the file
)

// Manifest is a functions/NAME/function.json.
type Manifest struct {
	// Name is what people call it, at most MaxName characters; the folder's
	// name where there is none.
	Name string `json:"name"`
	// Target is what Parse takes; paths in it begin at the function's folder.
	Target string `json:"target"`
	// Args are a command's arguments as they are. With them, nothing in Target
	// is split: what follows "command:" is the program.
	Args []string `json:"args"`
	// Execute are the roles that may run it: any, guests, users, user:ID. It
	// must be there; an empty list is for keys alone.
	Execute []string `json:"execute"`
	// TimeoutSeconds is between 1 and 900, and 15 where there is none.
	TimeoutSeconds int `json:"timeout"`
	// MemoryMiB bounds all its processes together, DefaultMemory where there
	// is none.
	MemoryMiB int64 `json:"memory"`
	// Env are variables of its environment.
	Env map[string]string `json:"env"`
	// Enabled says that it may be run: yes, where nothing is said.
	Enabled bool `json:"enabled"`
}

// Timeout is how long a run may take.
func (m *Manifest) Timeout() time.Duration { return time.Duration(m.TimeoutSeconds) * time.Second }

// functionID is what can be a function's id (contract, custom ids), and so the
// name of its folder.
var functionID = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]{0,35}$`)

var role = regexp.MustCompile(`^(any|guests|users|user:[a-zA-Z0-9][a-zA-Z0-9._-]{0,35})$`)

// ParseManifest reads the manifest of the function id. A field that is unknown,
// or out of its bounds, is an error.
func ParseManifest(id string, data []byte) (*Manifest, error) {
	if !functionID.MatchString(id) {
		return nil, fmt.Errorf("the folder's name is the function's id: letters, digits and . _ -, at most 36, a letter or digit first")
	}
	m := &Manifest{Name: id, Enabled: true, TimeoutSeconds: int(DefaultTimeout / time.Second), MemoryMiB: DefaultMemory >> 20}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, manifestFault(data, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	return m, m.check()
}

func (m *Manifest) check() error {
	kind, _, _ := strings.Cut(m.Target, ":")
	switch {
	case m.Name == "" || utf8.RuneCountInString(m.Name) > MaxName:
		return fmt.Errorf(`"name" must have 1 to %d characters`, MaxName)
	case m.Target == "":
		return fmt.Errorf(`"target" is missing: %s`, Targets)
	case m.Args != nil && kind != "command":
		return errors.New(`"args" are for a command: target alone`)
	case len(m.Args) > MaxArgs:
		return fmt.Errorf(`"args" has %d entries, %d are allowed`, len(m.Args), MaxArgs)
	case m.TimeoutSeconds < 1 || m.Timeout() > MaxTimeout:
		return fmt.Errorf(`"timeout" is %d, it must be between 1 and %d seconds`, m.TimeoutSeconds, int(MaxTimeout/time.Second))
	case m.MemoryMiB < MinMemory>>20 || m.MemoryMiB > MaxMemory>>20:
		return fmt.Errorf(`"memory" is %d, it must be between %d and %d MiB`, m.MemoryMiB, MinMemory>>20, MaxMemory>>20)
	case m.Execute == nil:
		return errors.New(`"execute" is missing: the roles that may run it, such as ["any"] or ["users"]`)
	case len(m.Execute) > MaxRoles:
		return fmt.Errorf(`"execute" has %d roles, %d are allowed`, len(m.Execute), MaxRoles)
	}
	for _, r := range m.Execute {
		if !role.MatchString(r) {
			return fmt.Errorf(`"execute": %.50q is no role: any, guests, users or user:ID`, r)
		}
	}
	for _, arg := range m.Args {
		if strings.ContainsRune(arg, 0) {
			return errors.New(`"args" holds a NUL character`)
		}
	}
	return nil
}

// runner makes what runs the function in dir.
func (m *Manifest) runner(c Config, dir string) (Runner, error) {
	c.Dir, c.Env, c.Memory = dir, m.Env, m.MemoryMiB<<20
	if m.Args != nil {
		_, program, _ := strings.Cut(m.Target, ":")
		return Command(c, strings.TrimSpace(program), m.Args...)
	}
	return Parse(c, m.Target)
}
