package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"estateledger/fault"
)

// The cost of a password: 19 MiB and two passes, the least that OWASP asks of
// argon2id. A hash says its own cost, so a later change keeps old hashes valid.
const (
	hashMemory  = 19 * 1024 // KiB
	hashPasses  = 2
	hashThreads = 1
	saltBytes   = 16
	keyBytes    = 32
)

// The bounds of a password, in characters.
const (
	passwordLeast = 10
	passwordMost  = 128
)

// hashing bounds how many hashes are computed at once: each takes 19 MiB and a
// core, and a crowd at the login must not starve the counters.
var hashing = make(chan struct{}, max(2, runtime.NumCPU()))

// phc is a parsed hash: $argon2id$v=19$m=…,t=…,p=…$salt$key.
type phc struct {
	memory, passes uint32
	threads        uint8
	salt, key      []byte
}

// hashPassword makes the PHC string of a password with a salt of its own.
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	p := phc{memory: hashMemory, passes: hashPasses, threads: hashThreads, salt: salt}
	key, err := p.derive(ctx, password, keyBytes)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.passes, p.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// nobodysHash is what a login that does not exist is checked against, so that
// its refusal takes as long as that of one that does.
var nobodysHash = sync.OnceValues(func() (string, error) { return hashPassword(context.Background(), rand.Text()) })

// passwordMatches tells whether the password belongs to the hash.
func passwordMatches(ctx context.Context, hash, password string) (bool, error) {
	p, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	key, err := p.derive(ctx, password, uint32(len(p.key)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, p.key) == 1, nil
}

// derive waits for a place among the hashes under way, at most as long as ctx.
func (p phc) derive(ctx context.Context, password string, length uint32) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, fault.Busy("access.login_busy", "现在登录的人太多，请稍后再试。").Because(ctx.Err())
	}
	return argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.threads, length), nil
}

func parsePHC(hash string) (phc, error) {
	var p phc
	var version int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return p, fmt.Errorf("password hash is no argon2id string")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return p, fmt.Errorf("password hash has version %q", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.threads); err != nil {
		return p, fmt.Errorf("password hash has cost %q", parts[3])
	}
	if p.memory > 1<<20 || p.passes < 1 || p.passes > 100 || p.threads < 1 {
		return p, fmt.Errorf("password hash has an absurd cost %q", parts[3])
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, err
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(p.key) < 16 {
		return p, fmt.Errorf("password hash has a short or broken key")
	}
	return p, nil
}

// checkPassword refuses what is guessed first: short ones, the login itself (when
// it is known) and one character over and over.
func checkPassword(login, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < passwordLeast:
		return fault.Invalid("access.password_short", fmt.Sprintf("密码至少要 %d 个字符。", passwordLeast)).At("password")
	case n > passwordMost:
		return fault.Invalid("access.password_long", fmt.Sprintf("密码最多 %d 个字符。", passwordMost)).At("password")
	case login != "" && strings.Contains(strings.ToLower(password), login):
		return fault.Invalid("access.password_is_login", "密码里不能含有用户名。").At("password")
	case strings.Count(password, string([]rune(password)[0])) == n:
		return fault.Invalid("access.password_same", "密码不能是同一个字符的重复。").At("password")
	}
	return nil
}
