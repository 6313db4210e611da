package isojot

import (
	"strconv"
	"time"

	"github.com/isojot/isojot/internal/jsonobj"
	"github.com/isojot/isojot/internal/moment"
	"github.com/isojot/isojot/internal/tabs"
)

func (h *share) epochName() string { return "isojot:epoch:" + h.place.Name() }
func (h *share) tokenName() string { return "isojot:token:" + h.place.Name() }

func (h *share) storedEpoch() int64 {
	epoch, _ := jsonobj.Int(h.tabs.all.Get(h.epochName())) // 0: none yet
	return epoch
}

func (h *share) storeEpoch(epoch int64) {
	h.tabs.all.Set(h.epochName(), strconv.FormatInt(epoch, 10))
}

// persist writes the token down for this tab's next page, or removes it.
// s.mu is held.
func (s *SessionTokens) persist() {
	h := s.share
	if h == nil || h.token == nil {
		return
	}
	record := s.record()
	s.queue.add(func() { h.token.Set(h.tokenName(), record) })
}

// record is the token in hand, and the end of a pause, as JSON; or "".
func (s *SessionTokens) record() string {
	now := s.now()
	var known string
	if s.held.left(now) > 0 {
		known = `,"jwt":` + jsonobj.Quote(s.held.token.JWT) + `,"at":` + unixMilli(s.held.at.Wall) + `,"life":` + tabs.Milliseconds(s.held.life)
	}
	if left := s.pause.limited(now); left > 0 {
		known += `,"limited":` + unixMilli(now.Wall.Add(left))
	}
	if known == "" {
		return ""
	}
	return `{"epoch":` + strconv.FormatInt(s.tabs.Epoch(), 10) + known + "}"
}

// restore takes up what this tab's last page wrote down.
func (s *SessionTokens) restore() {
	h, now := s.share, s.now()
	if h.token == nil {
		return
	}
	record, err := jsonobj.Parse(h.token.Get(h.tokenName()))
	if epoch, ok := record.Int("epoch"); err != nil || !ok || epoch != s.tabs.Epoch() {
		return
	}
	if until, ok := record.Int("limited"); ok {
		if left := time.UnixMilli(until).Sub(now.Wall); left > 0 {
			s.pause = limitedPause(now, min(left, maxLife))
		}
	}
	if held := restored(record, now); held != nil {
		s.known, s.who, s.held = signedIn, identityOf(held), held
	}
}

// restored reads the token of a record, or nil.
func restored(record jsonobj.Object, now moment.Moment) *held {
	at, ok := record.Int("at")
	if !ok {
		return nil
	}
	return heldFrom(tabs.ReadToken(record, now, now.Wall.Sub(time.UnixMilli(at))))
}

func unixMilli(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
