package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// target is one kind of request to a server.
type target struct {
	name    string
	addr    string
	request string // as it goes over the wire
	status  int    // what every answer must have
	cpu     func() (time.Duration, error)
}

// raw writes a request down.
func raw(method, path string, header map[string]string, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\nX-Appwrite-Project: demo\r\n", method, path)
	for name, value := range header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, value)
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	return b.String() + "\r\n" + body
}

// measure sends the request over and over on each connection.
func measure(t target, p plan) (result, error) {
	before, err := t.cpu()
	if err != nil {
		return result{}, err
	}
	start := time.Now()
	latencies := make([][]time.Duration, p.connections)
	errs := make([]error, p.connections)
	var wg sync.WaitGroup
	for i := range p.connections {
		wg.Go(func() { latencies[i], errs[i] = hammer(t, start.Add(p.length)) })
	}
	wg.Wait()
	elapsed := time.Since(start)
	for _, err := range errs {
		if err != nil {
			return result{}, err
		}
	}
	after, err := t.cpu()
	if err != nil {
		return result{}, err
	}
	all := slices.Concat(latencies...)
	slices.Sort(all)
	return result{
		perSecond: float64(len(all)) / elapsed.Seconds(),
		p50:       all[len(all)/2],
		p99:       all[len(all)*99/100],
		cpu:       (after - before) / time.Duration(len(all)),
	}, nil
}

// hammer sends the request on one connection until the end, and returns how
// long each answer took. There is at least one.
func hammer(t target, end time.Time) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", t.addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(end.Add(30 * time.Second)); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(conn)
	var took []time.Duration
	for len(took) == 0 || time.Now().Before(end) {
		start := time.Now()
		if _, err := io.WriteString(conn, t.request); err != nil {
			return nil, err
		}
		res, err := http.ReadResponse(reader, nil)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		if res.StatusCode != t.status {
			return nil, fmt.Errorf("answered %d: %s", res.StatusCode, body)
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}
