package engine

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// scramSecret returns what PostgreSQL and PgBouncer keep of a password, in the format of
// the manual's page "pg_authid", after RFC 5803. The password is hashed once and not 4,096
// times, which takes both sides milliseconds a connection: nobody guesses 128 random bits.
func scramSecret(password string) (string, error) {
	const iterations = 1
	salt := sha256.Sum256([]byte(password)) // the same secret for all who know the password
	salted, err := pbkdf2.Key(sha256.New, password, salt[:16], iterations, sha256.Size)
	if err != nil {
		return "", err
	}
	storedKey, text := sha256.Sum256(keyOf(salted, "Client Key")), base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", iterations, text(salt[:16]), text(storedKey[:]), text(keyOf(salted, "Server Key"))), nil
}

func keyOf(salted []byte, name string) []byte {
	mac := hmac.New(sha256.New, salted)
	mac.Write([]byte(name))
	return mac.Sum(nil)
}
