package server

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// imports are bodies of users whose password is "appwrite", by path.
var imports = map[string]string{
	"argon2":          `"password": "$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI"`,
	"md5":             `"password": "144fa7eaa4904e8ee120651997f70dcc"`,
	"phpass":          `"password": "$P$Br387rwferoKN7uwHZqNMu98q3U8RO."`,
	"sha":             `"password": "4243da0a694e8a2f727c8060fe0507c8fa01ca68146c76d2c190805b638c20c6bf6ba04e21f11ae138785d0bff63c416e6f87badbffad37f6dee50094cc38c70", "passwordVersion": "sha512"`,
	"scrypt":          `"password": "3fdef49701bc4cfaacd551fe017283513284b4731e6945c263246ef948d3cf63b5d269c31fd697246085111a428245e24a4ddc6b64c687bc60a8910dbafc1d5b", "passwordSalt": "appwrite", "passwordCpu": 16384, "passwordMemory": 13, "passwordParallel": 2, "passwordLength": 64`,
	"scrypt-modified": `"password": "UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==", "passwordSalt": "UxLMreBr6tYyjQ==", "passwordSaltSeparator": "Bw==", "passwordSignerKey": "XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ=="`,
}

func importBody(id, members string) string {
	return fmt.Sprintf(`{"userId": %q, "email": "%s@example.com", "name": "Imported", %s}`, id, id, members)
}

// An imported user signs in, which renews the hash.
func TestImportedUsersSignIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	hashes := map[string]string{"scrypt-modified": "scryptMod"}
	for path, members := range imports {
		id := "user-" + path
		kind := hashes[path]
		if kind == "" {
			kind = path
		}
		if got := f.must(201, "POST", "/v1/users/"+path, byTestKey, importBody(id, members)); got.text("hash") != kind {
			t.Errorf("%s: the hash is %q, want %q", path, got.text("hash"), kind)
		}
		f.must(401, "POST", signInPath, nil, `{"email":"`+id+`@example.com","password":"wrongpassword"}`)
		before := f.must(200, "GET", "/v1/users/"+id, byTestKey, "")
		f.advance(1e9)
		f.must(201, "POST", signInPath, nil, `{"email":"`+id+`@example.com","password":"appwrite"}`)
		after := f.must(200, "GET", "/v1/users/"+id, byTestKey, "")
		if after.text("hash") != "argon2" || !strings.HasPrefix(after.text("password"), "$argon2id$") {
			t.Errorf("%s: after the sign-in the hash is %s %s, want argon2id", path, after.text("hash"), after.text("password"))
		}
		if after.text("passwordUpdate") != before.text("passwordUpdate") {
			t.Errorf("%s: the sign-in changed passwordUpdate", path)
		}
		f.must(201, "POST", signInPath, nil, `{"email":"`+id+`@example.com","password":"appwrite"}`)
	}
}

// First sign-ins of an imported user at the same moment all succeed, whichever
// renews the hash.
func TestFirstSignInsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	f.must(201, "POST", "/v1/users/md5", byTestKey, importBody("ann", imports["md5"]))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got := f.do("POST", signInPath, nil, `{"email":"ann@example.com","password":"appwrite"}`)
			if got.Code != http.StatusCreated {
				t.Errorf("a sign-in answered %d %s, want 201", got.Code, got.Body)
			}
		})
	}
	wg.Wait()
}

func TestImportsAreChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withKey, noLimits)
	refused := func(path, members, message string) scenario {
		return scenario{name: path + " " + message, method: "POST", path: "/v1/users/" + path, headers: byTestKey,
			body: importBody("ann", members), status: 400, kind: "general_argument_invalid", message: message}
	}
	f.run([]scenario{
		refused("md5", `"password": "garbage-garbage"`, "Invalid `password` param: the hash is not 16 bytes in hexadecimal"),
		refused("bcrypt", `"password": "$2a$31$xX/myGbFU.ZSKHSi6EHdBOySTdYm8QxBLXmOPHrYMwV0mHRBBSBOq"`, "Invalid `password` param: the hash has the cost 31: at most 15 is taken"),
		refused("sha", `"password": "ab", "passwordVersion": "sha9"`, "Invalid `passwordVersion` param: Value must be one of (sha1, sha224, sha256, sha384, sha512/224, sha512/256, sha512, sha3-224, sha3-256, sha3-384, sha3-512)"),
		refused("scrypt", `"password": "ab", "passwordSalt": "s", "passwordCpu": "x", "passwordMemory": 8, "passwordParallel": 1, "passwordLength": 64`,
			"Invalid `passwordCpu` param: Value must be a valid signed 32-bit integer between -2,147,483,648 and 2,147,483,647"),
		refused("scrypt", `"password": "ab", "passwordSalt": "s", "passwordCpu": 16384, "passwordMemory": 8, "passwordParallel": 1`, `Param "passwordLength" is not optional.`),
		{name: "a guest", method: "POST", path: "/v1/users/md5", body: importBody("ann", imports["md5"]), status: 401, kind: "general_unauthorized_scope"},
		{name: "fine", method: "POST", path: "/v1/users/md5", headers: byTestKey, body: importBody("ann", imports["md5"]), status: 201},
		{name: "taken", method: "POST", path: "/v1/users/md5", headers: byTestKey, body: importBody("ann", imports["md5"]), status: 409, kind: "user_already_exists"},
	})
}
