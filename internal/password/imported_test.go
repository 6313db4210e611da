package password

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// imported are hashes of other programs, as Appwrite takes them.
var imported = []struct {
	password string
	hash     Imported
}{
	{"appwrite", Imported{Kind: Argon2, Hash: "$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI"}},
	{"appwrite", Imported{Kind: Bcrypt, Hash: "$2a$15$xX/myGbFU.ZSKHSi6EHdBOySTdYm8QxBLXmOPHrYMwV0mHRBBSBOq"}},
	{"appwrite", Imported{Kind: MD5, Hash: "144fa7eaa4904e8ee120651997f70dcc"}},
	{"appwrite", Imported{Kind: PHPass, Hash: "$P$Br387rwferoKN7uwHZqNMu98q3U8RO."}},
	{"appwrite", Imported{Kind: SHA, Hash: "4243da0a694e8a2f727c8060fe0507c8fa01ca68146c76d2c190805b638c20c6bf6ba04e21f11ae138785d0bff63c416e6f87badbffad37f6dee50094cc38c70", Version: "sha512"}},
	{"appwrite", Imported{Kind: Scrypt, Hash: "3fdef49701bc4cfaacd551fe017283513284b4731e6945c263246ef948d3cf63b5d269c31fd697246085111a428245e24a4ddc6b64c687bc60a8910dbafc1d5b", Salt: "appwrite", CPU: 16384, Memory: 13, Parallel: 2, Length: 64}},
	{"appwrite", Imported{Kind: ScryptModified, Hash: "UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==", Salt: "UxLMreBr6tYyjQ==", Separator: "Bw==", SignerKey: "XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ=="}},
	{"password1", Imported{Kind: SHA, Hash: "e38ad214943daad1d64c102faec29de4afe9da3d", Version: "sha1"}},
	{"password1", Imported{Kind: SHA, Hash: "9440e64e095ff718c1926110fd811e64948984c9dee7ef860feb4d5d", Version: "sha224"}},
	{"password1", Imported{Kind: SHA, Hash: "0b14d501a594442a01c6859541bcb3e8164d183d32937b851835442f69d5c94e", Version: "sha256"}},
	{"password1", Imported{Kind: SHA, Hash: "f5e2dd85fe11cec4c913f0f1fcecddb4a654dd92852f978d6345638a0779a5e77ea39d33d6254bde0e1afa7a6c8ef0b9", Version: "sha384"}},
	{"password1", Imported{Kind: SHA, Hash: "bc547750b92797f955b36112cc9bdd5cddf7d0862151d03a167ada8995aa24a9ad24610b36a68bc02da24141ee51670aea13ed6469099a4453f335cb239db5da", Version: "sha512"}},
	{"password1", Imported{Kind: SHA, Hash: "73ed48358f7f9e1291b9b38e18fa041274d40324976caddbbc3f8877c2c0d6f2", Version: "sha512/256"}},
	{"password1", Imported{Kind: SHA, Hash: "79f6a493205ef83ebd057e19eeb8b843473fd6b75cf799479110a549", Version: "sha512/224"}},
	{"password1", Imported{Kind: SHA, Hash: "9c5f9835aa7ba0f4dd9ecb265277ee59c39016492b26c63371573481", Version: "sha3-224"}},
	{"password1", Imported{Kind: SHA, Hash: "c8eb6be7da27a445473bc50d1bbf60d91e06b1332156ffdd252d87270bf351bf", Version: "sha3-256"}},
	{"password1", Imported{Kind: SHA, Hash: "b50e20f0513232ac46f10a8904513da7efe0a5c57019acf5fffc9697195da67879cd021f6387dceba3be09d9923d6409", Version: "sha3-384"}},
	{"password1", Imported{Kind: SHA, Hash: "0196a2e6c81abea195bc76e38bd12b3805ae8c89840c504ac84e268efe2746414dd7549bfaa89fc0bab043e7396c69179f7e6d1026d4318139674e5432810c81", Version: "sha3-512"}},
	{"password1", Imported{Kind: MD5, Hash: "7c6a180b36896a0a8c02787eeafb0e4c"}},
	{"password1", Imported{Kind: Scrypt, Hash: "bf8a77cd800082428a969347913f62bc0d9482df9779df9c9c4ef9f302bfb418c98cf61a5f01bea7f89570d0125149bce7140118da8ddf9363c38da812583365", Salt: "salty", CPU: 16384, Memory: 8, Parallel: 1, Length: 64}},
}

func TestVerifiesImportedHashes(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap, 2)
	for _, c := range append(imported, wordPress(t)) {
		name := string(c.hash.Kind) + " " + c.hash.Version
		if err := c.hash.Check(); err != nil {
			t.Errorf("%s: Check: %v", name, err)
			continue
		}
		stored := c.hash.String()
		if match, err := h.Verify(t.Context(), "", stored, c.password); !match || err != nil {
			t.Errorf("%s: Verify = %v, %v, want true", name, match, err)
		}
		wrongs := []string{"", "wrongpassword", strings.ToUpper(c.password), c.password + "x"}
		if c.hash.Rounds() == maxBcryptCost { // which takes seconds each
			wrongs = wrongs[:1]
		}
		for _, wrong := range wrongs {
			if match, err := h.Verify(t.Context(), "", stored, wrong); match || err != nil {
				t.Errorf("%s: Verify of %q = %v, %v, want false", name, wrong, match, err)
			}
		}
		if !h.Stale(stored) {
			t.Errorf("%s: Stale = false, want true", name)
		}
		if back, err := ParseStored(stored); err != nil || back != c.hash {
			t.Errorf("%s: ParseStored = %+v, %v, want %+v", name, back, err, c.hash)
		}
	}
}

// wordPress is a hash as WordPress makes them since 6.8.
func wordPress(t *testing.T) (c struct {
	password string
	hash     Imported
}) {
	t.Helper()
	mac := hmac.New(sha512.New384, []byte("wp-sha384"))
	mac.Write([]byte("appwrite"))
	hash, err := bcrypt.GenerateFromPassword([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	c.password, c.hash = "appwrite", Imported{Kind: PHPass, Hash: "$wp" + string(hash)}
	return c
}

func TestOwnHashesAreStaleWhereTheyCostLess(t *testing.T) {
	t.Parallel()
	h := newHasher(t, cheap, 1)
	hash, err := h.Hash(t.Context(), "", "password")
	if err != nil {
		t.Fatal(err)
	}
	dearer := newHasher(t, Cost{Memory: cheap.Memory, Time: cheap.Time + 1, Threads: 1}, 1)
	if h.Stale(hash) || !dearer.Stale(hash) {
		t.Errorf("Stale = %v, %v, want false, true", h.Stale(hash), dearer.Stale(hash))
	}
}

func TestRefusesImportedHashes(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("ab", 64)
	firebase := Imported{Kind: ScryptModified, Hash: "YWJjZGVmZ2hpamtsbW5vcA==", Salt: "YWI=", Separator: "Bw==", SignerKey: "YWI="}
	with := func(change func(*Imported)) Imported { i := firebase; change(&i); return i }
	scrypt := func(n, r, p, length int) Imported {
		return Imported{Kind: Scrypt, Hash: strings.Repeat("ab", length), CPU: n, Memory: r, Parallel: p, Length: length}
	}
	for name, i := range map[string]Imported{
		"no kind":              {Hash: sum},
		"argon2":               {Kind: Argon2, Hash: "garbage"},
		"argon2d":              {Kind: Argon2, Hash: "$argon2d$v=19$m=64,t=1,p=1$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI"},
		"argon2 of too much":   {Kind: Argon2, Hash: "$argon2id$v=19$m=1048576,t=1,p=1$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI"},
		"bcrypt":               {Kind: Bcrypt, Hash: "garbage"},
		"bcrypt of too much":   {Kind: Bcrypt, Hash: "$2a$16$xX/myGbFU.ZSKHSi6EHdBOySTdYm8QxBLXmOPHrYMwV0mHRBBSBOq"},
		"MD5":                  {Kind: MD5, Hash: sum},
		"PHPass":               {Kind: PHPass, Hash: "garbage"},
		"PHPass of too much":   {Kind: PHPass, Hash: "$P$Kr387rwferoKN7uwHZqNMu98q3U8RO."},
		"SHA of no version":    {Kind: SHA, Hash: sum},
		"SHA of another":       {Kind: SHA, Hash: sum, Version: "sha1"},
		"scrypt":               scrypt(3, 8, 1, 64),
		"scrypt of no memory":  scrypt(16, 0, 1, 64),
		"scrypt of too much":   scrypt(1<<20, 8, 1, 64),
		"scrypt of many lanes": scrypt(1<<14, 8, 17, 64),
		"scrypt, short":        scrypt(1<<14, 8, 1, 8),
		"Firebase, salt":       with(func(i *Imported) { i.Salt = "%" }),
		"Firebase, hash":       with(func(i *Imported) { i.Hash = "YWI=" }),
		"Firebase, signer key": with(func(i *Imported) { i.SignerKey = strings.Repeat("A", maxImported+4) }),
	} {
		err := i.Check()
		if err == nil {
			t.Errorf("%s: Check = nil, want an error", name)
		} else if i.Hash != "" && strings.Contains(err.Error(), i.Hash) {
			t.Errorf("%s: the error quotes the hash", name)
		}
	}
	if err := firebase.Check(); err != nil {
		t.Errorf("Check of what the others change: %v", err)
	}
}
