package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"example.com/isojot-go-ssr/notes"
	"github.com/isojot/isojot/ssr"
)

// notesClient calls the notes service as the visitor.
type notesClient struct {
	url  string
	http *http.Client
}

func newNotesClient(url string) *notesClient {
	return &notesClient{url: url + "/notes", http: &http.Client{Timeout: 10 * time.Second}}
}

// list returns the visitor's notes.
func (c *notesClient) list(ctx context.Context, v *ssr.Visitor) (*notes.List, error) {
	return c.call(ctx, v, http.MethodGet, nil)
}

// add keeps a note of the visitor's.
func (c *notesClient) add(ctx context.Context, v *ssr.Visitor, text string) (*notes.List, error) {
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		return nil, err
	}
	return c.call(ctx, v, http.MethodPost, body)
}

// call sends a request with the visitor's JWT. Should the service find it
// expired, its clock being ahead, the request is sent once more with another.
func (c *notesClient) call(ctx context.Context, v *ssr.Visitor, method string, body []byte) (*notes.List, error) {
	token, err := v.Token(ctx)
	if err != nil {
		return nil, err
	}
	res, err := c.send(ctx, token.JWT, method, body)
	if err == nil && res.StatusCode == http.StatusUnauthorized {
		res.Body.Close()
		if token, err = v.Renew(ctx, token.JWT); err != nil {
			return nil, err
		}
		res, err = c.send(ctx, token.JWT, method, body)
	}
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return nil, fmt.Errorf("the notes service answered %s", res.Status)
	}
	list := &notes.List{}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(list); err != nil {
		return nil, fmt.Errorf("the notes service's answer: %w", err)
	}
	return list, nil
}

func (c *notesClient) send(ctx context.Context, jwt, method string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+jwt)
	req.Header.Set("Content-Type", "application/json")
	return c.http.Do(req)
}
