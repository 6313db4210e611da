package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/isojot/isojot/server"
	"github.com/urfave/cli/v3"
)

// maxSecretFile bounds a file with a secret, in bytes.
const maxSecretFile = 4 << 10

// mailFlags are the flags about mails and text messages. Their variables begin
// with a prefix: those of a server that runs all day must not make a test's
// server send to people.
func mailFlags(prefix string) []cli.Flag {
	text := func(name, usage string) cli.Flag {
		return &cli.StringFlag{Name: name, Sources: cli.EnvVars(prefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))), Usage: usage}
	}
	return []cli.Flag{
		text("smtp-url", "`URL` of the server that takes mails, as in smtps://user@mail.example.com:465, or smtp://user@mail.example.com:587 for STARTTLS; without it, nothing is mailed"),
		text("smtp-password", "`PASSWORD` there; better given by the variable or --smtp-password-file, since every program can read a command line"),
		text("smtp-password-file", "`FILE` with the password there"),
		text("mail-from", "whom mails are from: `ADDRESS`, as in noreply@example.com or Shop <noreply@example.com>"),
		text("mail-reply-to", "`ADDRESS` that answers to mails go to, if it is another one"),
		text("mail-locale", "`LOCALE` of mails to users whose requests name none that there are templates of; en without this flag"),
		text("templates", "`DIR` of templates of mails and text messages that replace those that are built in"),
		text("sms-webhook", "`URL` of a gateway that text messages are handed to; without it, none is sent"),
		text("sms-secret", "`SECRET` that signs what the gateway gets, of at least 16 characters; better given by the variable or --sms-secret-file, since every program can read a command line"),
		text("sms-secret-file", "`FILE` with that secret"),
		&cli.BoolFlag{Name: "outbox", Sources: cli.EnvVars(prefix + "OUTBOX"),
			Usage: "with --dev, keep messages to be read at /_isojot/mail, and take those that nobody sends; on when there is no --smtp-url, unless --outbox=false switches it off"},
	}
}

// readMail adds what the flags say of mails and text messages to the options.
func readMail(c *cli.Command, o *server.Options) (err error) {
	o.Mail = server.Mail{SMTPURL: c.String("smtp-url"), From: c.String("mail-from"), ReplyTo: c.String("mail-reply-to"), Locale: c.String("mail-locale")}
	o.SMS.Webhook = c.String("sms-webhook")
	if o.Mail.SMTPPassword, err = readSecret(c, "smtp-password"); err != nil {
		return err
	}
	if o.SMS.Secret, err = readSecret(c, "sms-secret"); err != nil {
		return err
	}
	if dir := c.String("templates"); dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("--templates %s: there is no such folder", dir)
		}
		o.Mail.Templates = os.DirFS(dir)
	}
	o.Outbox = c.Bool("dev") && o.Mail.SMTPURL == ""
	if c.IsSet("outbox") {
		o.Outbox = c.Bool("outbox")
	}
	if o.Outbox && !c.Bool("dev") {
		return errors.New("--outbox needs --dev: it lets messages be read that are for somebody else")
	}
	return nil
}

// readSecret is the secret of a flag or of the file of the flag with -file after
// its name.
func readSecret(c *cli.Command, name string) (string, error) {
	given, file := c.String(name), c.String(name+"-file")
	switch {
	case file == "":
		return given, nil
	case given != "":
		return "", fmt.Errorf("--%s and --%s-file exclude each other: leave out one (their environment variables count too)", name, name)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("--%s-file: %w", name, err)
	}
	secret := strings.TrimRight(string(text), "\r\n")
	switch {
	case secret == "":
		return "", fmt.Errorf("--%s-file: %s is empty", name, file)
	case len(secret) > maxSecretFile, strings.ContainsAny(secret, "\r\n"):
		return "", fmt.Errorf("--%s-file: %s has several lines, or more than %d bytes: it must have the secret alone", name, file, maxSecretFile)
	}
	return secret, nil
}

// mailLines are what the start says of messages: where they go.
func mailLines(info server.Info, url string) [][2]string {
	var lines [][2]string
	for _, l := range [][2]string{{"mail", info.Mail}, {"texts", info.Texts}} {
		if l[1] == "outbox" {
			l[1] = "kept, not sent: " + url + "/_isojot/mail"
		}
		if l[1] != "" {
			lines = append(lines, l)
		}
	}
	return lines
}
