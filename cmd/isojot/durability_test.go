package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// durableKey is the API key of the servers below.
const durableKey = "a-key-for-these-tests"

// apart is a server in a process of its own.
type apart struct {
	t          *testing.T
	process    *os.Process
	url, token string
	stderr     *os.File
}

// serveApart starts one on a folder, which the test may kill.
func serveApart(t *testing.T, args ...string) *apart {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return serveBy(t, self, args...)
}

// serveBy is serveApart by another program than this one.
func serveBy(t *testing.T, program string, args ...string) *apart {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, append([]string{"serve", "--addr", "127.0.0.1:0", "--dev"}, args...)...)
	cmd.Env = append(os.Environ(), childVar+"=serve", "ISOJOT_API_KEY="+durableKey)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &apart{t: t}
	if s.stderr, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = s.stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.process = cmd.Process
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may be over
		_ = cmd.Wait()
		_ = s.stderr.Close()
	})
	var lines []string
	for scan := bufio.NewScanner(stdout); scan.Scan(); {
		lines = append(lines, scan.Text())
		if strings.HasPrefix(strings.TrimSpace(scan.Text()), "token") {
			break
		}
	}
	got := facts(lines)
	if s.url, s.token = strings.TrimSuffix(got["endpoint"], "/v1"), got["token"]; s.url == "" || s.token == "" {
		t.Fatalf("it says %q", lines)
	}
	return s
}

// kill ends it as a crash would, and waits for that.
func (s *apart) kill() {
	s.t.Helper()
	if err := s.process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.process.Wait(); err != nil {
		s.t.Fatal(err)
	}
}

// reply is an answer; its status is 0 where none came.
type reply struct {
	status int
	header http.Header
	object map[string]any
}

// text is a member of the body that is a string.
func (r reply) text(name string) string {
	s, _ := r.object[name].(string)
	return s
}

// send sends a request of the project with more headers.
func (s *apart) send(method, path string, headers map[string]string, body string) reply {
	request, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Error(err)
		return reply{}
	}
	request.Header.Set("X-Appwrite-Project", "demo")
	request.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}
	}
	got := reply{status: response.StatusCode, header: response.Header}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &got.object); err != nil {
			s.t.Errorf("%s %s: %d %q", method, path, response.StatusCode, text)
		}
	}
	return got
}

// ask is send with the API key.
func (s *apart) ask(method, path, body string) (int, map[string]any) {
	got := s.send(method, path, map[string]string{"X-Appwrite-Key": durableKey, "Authorization": "Bearer " + s.token}, body)
	return got.status, got.object
}

// ended waits until an execution has, and returns it.
func (s *apart) ended(id string) map[string]any {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		status, e := s.ask("GET", "/v1/functions/job/executions/"+id, "")
		if status != 200 {
			s.t.Fatalf("%s is lost: %d %v", id, status, e)
		}
		if e["status"] == "completed" || e["status"] == "failed" {
			return e
		}
	}
	s.t.Fatalf("%s has not ended", id)
	return nil
}

// job is a function over HTTP that outlives the server. It counts its
// executions, and does not answer before it is let go.
type job struct {
	mu    sync.Mutex
	times map[string]int
	begun chan struct{}
	goOn  chan struct{}
}

func (j *job) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	j.mu.Lock()
	j.times[r.Header.Get("X-Appwrite-Execution-Id")]++
	j.mu.Unlock()
	j.begun <- struct{}{}
	select {
	case <-j.goOn:
	case <-r.Context().Done():
	}
	fmt.Fprint(w, "done")
}

func (j *job) count(id string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.times[id]
}

// TestExecutionsSurviveAKill holds that what was answered with 202 is not lost
// when the server is killed: each execution runs once, or is reported as failed
// with the reason.
func TestExecutionsSurviveAKill(t *testing.T) {
	j := &job{times: map[string]int{}, begun: make(chan struct{}, 1000), goOn: make(chan struct{})}
	function := httptest.NewServer(j)
	defer function.Close()
	data := t.TempDir()
	args := []string{"--data", data, "--function", "job=" + function.URL}
	s := serveApart(t, args...)

	_, clock := s.ask("GET", "/_isojot/clock", "")
	now, err := time.Parse("2006-01-02T15:04:05.000-07:00", fmt.Sprint(clock["now"]))
	if err != nil {
		t.Fatal(err)
	}
	at := now.Add(10 * time.Minute).Truncate(time.Minute).Format(time.RFC3339)
	status, scheduled := s.ask("POST", "/v1/functions/job/executions", `{"async":true,"scheduledAt":"`+at+`"}`)
	if status != 202 {
		t.Fatal(status, scheduled)
	}
	ids := make(chan string, 1000)
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for {
				status, e := s.ask("POST", "/v1/functions/job/executions", `{"async":true,"body":"payload"}`)
				if status != 202 {
					return // the server is gone
				}
				ids <- fmt.Sprint(e["$id"])
			}
		})
	}
	for range 3 {
		<-j.begun
	}
	var accepted []string
	for len(accepted) < 20 {
		accepted = append(accepted, <-ids)
	}
	s.kill()
	callers.Wait()
	close(ids)
	for id := range ids {
		accepted = append(accepted, id)
	}
	close(j.goOn)

	s = serveApart(t, args...)
	outcomes := map[string]int{}
	for _, id := range accepted {
		e := s.ended(id)
		outcomes[fmt.Sprint(e["status"])]++
		switch {
		case e["status"] == "completed" && j.count(id) != 1:
			t.Errorf("%s completed and ran %d times", id, j.count(id))
		case e["status"] == "failed" && (j.count(id) > 1 || e["errors"] != "the server stopped while it ran"):
			t.Errorf("%s failed after %d times: %v", id, j.count(id), e["errors"])
		}
	}
	if outcomes["failed"] < 3 || outcomes["completed"] < 1 {
		t.Errorf("of %d executions there are %v", len(accepted), outcomes)
	}
	id := fmt.Sprint(scheduled["$id"])
	if _, e := s.ask("GET", "/v1/functions/job/executions/"+id, ""); e["status"] != "scheduled" {
		t.Errorf("too early, what is scheduled is %v", e)
	}
	if status, answer := s.ask("POST", "/_isojot/clock/advance", `{"duration":"11m"}`); status != 200 {
		t.Fatal(status, answer)
	}
	if e := s.ended(id); e["status"] != "completed" || j.count(id) != 1 {
		t.Errorf("what was scheduled is %v after %d times", e, j.count(id))
	}
}
