// Package server is an Appwrite-compatible auth server as an [http.Handler]:
// accounts, sessions, JWTs and functions, kept in SQLite or PostgreSQL. It is
// Appwrite-compatible, not affiliated with Appwrite.
//
// It answers the API below /v1, the files of [Options.Assets] elsewhere, and,
// when [Options.Dev] is set, moves its clock below /_isojot/clock:
//
//	s, err := server.New(ctx, server.Options{DataDir: "isojot-data"})
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	return http.ListenAndServe("127.0.0.1:7519", s)
//
// # Security
//
// Session secrets are stored only as hashes, passwords as argon2id hashes.
// Every project signs its JWTs with random keys of its own; [Keyring.Rotate]
// gives it another, also one whose public part everybody can verify by. The
// database holds these keys. Requests of browsers are accepted from localhost,
// 127.0.0.1, [::1] and [Options.AllowOrigins] only. X-Forwarded-For, -Proto and
// -Host are believed from [Options.TrustedProxies] alone: cookies are Secure
// when the request came by TLS to the server, or to such a proxy.
//
// # Where things are
//
// This package has the requests: server.go and options.go are its public face,
// call.go and act.go the checks that every request passes, and each service is
// in the files that begin with its name, with a table of its endpoints. What
// needs no request is below server/internal.
package server
