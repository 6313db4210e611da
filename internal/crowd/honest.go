package crowd

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The password of the users that SignUp makes.
const password = "correct horse battery"

// SignUp makes a user with an e-mail address and signs it in; the answer is its
// cookie.
func (c *Client) SignUp(ctx context.Context, id string) (cookie string, err error) {
	body := fmt.Sprintf(`{"userId":%q,"email":"%s@example.com","password":%q}`, id, id, password)
	if res, text, err := c.Do(ctx, "POST", "/v1/account", nil, body); err != nil || res.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("sign-up: %v %s", err, text)
	}
	return c.SignIn(ctx, id)
}

// SignIn signs a user in.
func (c *Client) SignIn(ctx context.Context, id string) (cookie string, err error) {
	body := fmt.Sprintf(`{"email":"%s@example.com","password":%q}`, id, password)
	res, text, err := c.Do(ctx, "POST", "/v1/account/sessions/email", nil, body)
	if err != nil || res.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("sign-in: %v %s", err, text)
	}
	cookie, _, _ = strings.Cut(res.Header.Values("Set-Cookie")[0], ";")
	return cookie, nil
}

// Honest are clients that read their account, each with a pause between, and
// now and then one signs in.
type Honest struct {
	Addr, From string
	// Cookie is that of the reads, User the one who signs in.
	Cookie, User string
	Clients      int
	Pause        time.Duration
	SignIns      time.Duration // between two
}

// Times are how long answers took, sorted.
type Times []time.Duration

// At is a quantile.
func (t Times) At(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	return t[min(len(t)-1, int(q*float64(len(t))))]
}

// Outcome is what the honest clients saw.
type Outcome struct {
	Reads, SignIns Times
	// Failed are the requests that were not answered as they should, of which
	// Err is one.
	Failed int
	Err    error
	mu     sync.Mutex
}

// Run has them ask until ctx ends.
func (h Honest) Run(ctx context.Context) *Outcome {
	o := &Outcome{}
	var all sync.WaitGroup
	for i := range h.Clients {
		all.Go(func() {
			c := NewClient(h.Addr, h.From)
			defer c.Close()
			for sleep(ctx, time.Duration(i)*h.Pause/time.Duration(h.Clients)); ctx.Err() == nil; sleep(ctx, h.Pause) {
				o.time(ctx, &o.Reads, func() error { return c.read(ctx, h.Cookie) })
			}
		})
	}
	all.Go(func() {
		c := NewClient(h.Addr, h.From)
		defer c.Close()
		for ; ctx.Err() == nil; sleep(ctx, h.SignIns) {
			o.time(ctx, &o.SignIns, func() error {
				_, err := c.SignIn(ctx, h.User)
				return err
			})
		}
	})
	all.Wait()
	slices.Sort(o.Reads)
	slices.Sort(o.SignIns)
	return o
}

func (c *Client) read(ctx context.Context, cookie string) error {
	res, text, err := c.Do(ctx, "GET", "/v1/account", map[string]string{"Cookie": cookie}, "")
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d %s", res.StatusCode, text)
	}
	return err
}

// time notes how long a request took, unless it was ended by ctx.
func (o *Outcome) time(ctx context.Context, times *Times, ask func() error) {
	begun := time.Now()
	err := ask()
	took := time.Since(begun)
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case ctx.Err() != nil:
	case err != nil:
		o.Failed, o.Err = o.Failed+1, err
	default:
		*times = append(*times, took)
	}
}

// Resident is how much memory a process has, in bytes, where /proc says so.
func Resident(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0, fmt.Errorf("the process %d has no VmRSS", pid)
	}
	kib, err := strconv.ParseInt(fields[0], 10, 64)
	return kib << 10, err
}

// Peak is the most memory that a process has until ctx ends.
func Peak(ctx context.Context, pid int) (peak int64, err error) {
	for ; ctx.Err() == nil; sleep(ctx, 50*time.Millisecond) {
		now, err := Resident(pid)
		if err != nil {
			return peak, err
		}
		peak = max(peak, now)
	}
	return peak, nil
}
