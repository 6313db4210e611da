package describe

import (
	"regexp"
	"strings"
)

// families are rules for operations that there are many of, alike but for a
// word. Each gives "" for others.
var families = []func(service, method string) string{columnOperation, providerOperation, platformOperation, oauth2Operation}

var columnMethod = regexp.MustCompile(`^(create|update)([A-Z]\w+)(Column|Attribute)$`)

// columnKinds are what a column of a type holds.
var columnKinds = map[string]string{
	"BigInt": "whole numbers of 64 bits", "Boolean": "truth values", "Datetime": "dates with times", "Email": "e-mail addresses",
	"Enum": "texts out of a list", "Float": "numbers", "Integer": "whole numbers", "Ip": "IP addresses", "Line": "lines on a map",
	"Longtext": "texts of up to 4 GB", "Mediumtext": "texts of up to 16 MB", "Point": "points on a map", "Polygon": "polygons on a map",
	"String": "texts", "Text": "texts of up to 64 KB", "Url": "URLs", "Varchar": "short texts",
}

func columnOperation(_, method string) string {
	match := columnMethod.FindStringSubmatch(method)
	if match == nil {
		return ""
	}
	column, table, row := "column", "table", "rows"
	if match[3] == "Attribute" {
		column, table, row = "attribute", "collection", "documents"
	}
	kind := columnKinds[match[2]]
	switch {
	case match[2] == "Relationship" && match[1] == "create":
		return "Adds " + article(column) + " that relates the " + row + " of two " + plural(table) + "."
	case match[2] == "Relationship":
		return "Changes " + article(column) + " that relates the " + row + " of two " + plural(table) + "."
	case kind == "":
		return ""
	case match[1] == "create":
		return "Adds " + article(column) + " of " + kind + " to a " + table + "."
	}
	return "Changes " + article(column) + " of " + kind + "."
}

var providerMethod = regexp.MustCompile(`^(create|update)([A-Z]\w+)Provider$`)

// messageKinds are what a provider of messages sends, and by whom.
var messageKinds = map[string]string{
	"APNS": "push messages by Apple (APNs)", "FCM": "push messages by Firebase (FCM)", "Mailgun": "e-mails by Mailgun",
	"Msg91": "SMS by MSG91", "Resend": "e-mails by Resend", "Sendgrid": "e-mails by SendGrid", "Ses": "e-mails by Amazon SES",
	"SMTP": "e-mails by a server of one's own (SMTP)", "Telesign": "SMS by Telesign", "Textmagic": "SMS by Textmagic",
	"Twilio": "SMS by Twilio", "Vonage": "SMS by Vonage",
}

func providerOperation(service, method string) string {
	match := providerMethod.FindStringSubmatch(method)
	if match == nil || service != "messaging" || messageKinds[match[2]] == "" {
		return ""
	}
	if match[1] == "create" {
		return "Adds a provider that sends " + messageKinds[match[2]] + "."
	}
	return "Changes a provider that sends " + messageKinds[match[2]] + "."
}

var platformMethod = regexp.MustCompile(`^(create|update)([A-Z]\w+)Platform$`)

func platformOperation(_, method string) string {
	match := platformMethod.FindStringSubmatch(method)
	if match == nil {
		return ""
	}
	app := article(strings.ToLower(match[2]) + " app") // of the web, which is no name
	if match[2] != "Web" {
		app = "an app for " + match[2]
		if match[2] == "Apple" {
			app = "an app for Apple's systems"
		}
	}
	if match[1] == "create" {
		return "Lets " + app + " call the project."
	}
	return "Changes " + app + " that may call the project."
}

var oauth2Method = regexp.MustCompile(`^updateOAuth2([A-Z]\w*)$`)

// companies are names as their owners write them.
var companies = map[string]string{
	"Gitlab": "GitLab", "Linkedin": "LinkedIn", "Oidc": "a server of OpenID Connect", "Paypal": "PayPal", "PaypalSandbox": "PayPal's sandbox",
	"TradeshiftSandbox": "Tradeshift's sandbox",
}

func oauth2Operation(service, method string) string {
	match := oauth2Method.FindStringSubmatch(method)
	if match == nil || service != "project" {
		return ""
	}
	company := companies[match[1]]
	if company == "" {
		company = match[1]
	}
	return "Changes how users sign in by " + company + "."
}
