package mail

// Message is a message as it is sent, which the outbox keeps as JSON.
type Message struct {
	ToName  string `json:"toName,omitempty"`
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"`
}
