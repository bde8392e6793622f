package faulty

import (
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Texts that are taken for numbers, booleans, dates, null or JSON: by YAML, by weakly
// typed languages, and by converters that guess types.
func coercionFaults() []Fault {
	return slices.Concat(numberLooks(), booleanLooks(), dateLooks(), []Fault{
		{"null-in-capitals-cleared", "The text NULL is taken for null, as imports into databases do.", clearsTexts("NULL")},
		{"none-cleared", "The texts None, nil and undefined are taken for null.", clearsTexts("None", "nil", "undefined")},
		{"na-cleared", "The texts NA and N/A are taken for null, as in data frames.", clearsTexts("NA", "N/A")},
		{"nan-cleared", "The texts NaN and Infinity are cleared, as JSON.stringify does.", clearsTexts("NaN", "Infinity")},
		{"tilde-cleared", "The text ~ is taken for null, as in YAML.", clearsTexts("~")},
		{"zero-text-ignored", "The text 0 is taken for omitted, as empty() of PHP does.", storeAttributes(func(a object) {
			dropWhere(a, func(v any) bool { return v == "0" })
		})},
		{"json-text-shown-parsed", "A text that is a JSON object or array is shown as that.", showsTexts(func(s string) any {
			var v any
			if strings.ContainsAny(s, "{[") && json.Unmarshal([]byte(s), &v) == nil {
				return v
			}
			return s
		})},
		{"json-text-unquoted", "Quotes around a text are stripped, as if it were JSON.", stores(`^"(.*)"$`, func(m []string) string { return m[1] })},
	})
}

func numberLooks() []Fault {
	return []Fault{
		{"digits-shown-as-number", "A text that looks like a number is shown as one, as JSON_NUMERIC_CHECK of PHP does.", showsTexts(func(s string) any {
			if n := json.Number(s); decimal.MatchString(s) {
				return n
			}
			return s
		})},
		{"exponent-evaluated", "1e3 is stored as 1000.", stores(`^\d+[eE]\d+$`, func(m []string) string { return evaluated(m[0]) })},
		{"leading-zeros-dropped", "007 is stored as 7.", stores(`^0+([0-9]+)$`, func(m []string) string { return m[1] })},
		{"octal-evaluated", "010 is stored as 8, as in YAML 1.1.", stores(`^0([0-7]+)$`, func(m []string) string { return inBase(m[1], 8) })},
		{"hex-evaluated", "0x10 is stored as 16.", stores(`^0x([0-9a-f]+)$`, func(m []string) string { return inBase(m[1], 16) })},
		{"underscores-dropped", "1_000 is stored as 1000, as in YAML and Ruby.", stores(`^\d+(_\d+)+$`, func(m []string) string { return strings.ReplaceAll(m[0], "_", "") })},
		{"thousands-dropped", "1,000 is stored as 1000.", stores(`^\d+(,\d{3})+$`, func(m []string) string { return strings.ReplaceAll(m[0], ",", "") })},
		{"trailing-zeros-dropped", "1.10 is stored as 1.1.", stores(`^(\d+\.\d*[1-9])0+$`, func(m []string) string { return m[1] })},
		{"plus-dropped", "+1 is stored as 1.", stores(`^\+(\d+)$`, func(m []string) string { return m[1] })},
		{"minus-zero-dropped", "-0 is stored as 0.", stores(`^-(0)$`, func(m []string) string { return m[1] })},
		{"digits-rounded", "More than 17 digits are rounded, as JavaScript does.", stores(`^\d{18,}$`, func(m []string) string { return evaluated(m[0]) })},
		{"minutes-evaluated", "1:30 is stored as 90, as in YAML 1.1.", stores(`^(\d+):(\d\d)$`, func(m []string) string {
			high, _ := strconv.Atoi(m[1])
			low, _ := strconv.Atoi(m[2])
			return strconv.Itoa(60*high + low)
		})},
		{"house-number-evaluated", "The house number 12e1 is stored as 120.", storeAttributes(memberValue("houseNo", func(v any) any {
			if s, ok := v.(string); ok && strings.ContainsAny(s, "eE") {
				return evaluated(s)
			}
			return v
		}))},
	}
}

func booleanLooks() []Fault {
	return []Fault{
		{"true-shown-as-boolean", "The texts true and false are shown as booleans.", showsTexts(func(s string) any {
			if b, err := strconv.ParseBool(s); err == nil && len(s) > 3 {
				return b
			}
			return s
		})},
		{"yes-is-true", "The texts yes, no, on and off are stored as true and false, as in YAML 1.1.", stores(`(?i)^(yes|on|y|no|off|n)$`, func(m []string) string {
			return strconv.FormatBool(slices.Contains([]string{"yes", "on", "y"}, strings.ToLower(m[0])))
		})},
		{"norway-is-false", "The country NO is shown as false, as in YAML 1.1.", answerValues(func(p string, v any) any {
			if p == "/address/country" && v == "NO" {
				return false
			}
			return v
		})},
	}
}

func dateLooks() []Fault {
	const date, dateTime = `^\d{4}-\d\d-\d\d$`, `^\d{4}-\d\d-\d\dT[0-9:]+(Z|[+-]\d\d:\d\d)$`
	return []Fault{
		{"date-text-widened", "A text that is a date is stored as a date-time.", storesNames(date, func(s string) string { return s + "T00:00:00.000Z" })},
		{"date-text-in-words", "A text that is a date-time is stored as .NET writes one.", storesNames(dateTime, func(s string) string {
			t, _ := time.Parse(time.RFC3339, s)
			return t.Format("01/02/2006 15:04:05")
		})},
		{"date-text-in-utc", "A text that is a date-time is stored in UTC.", storesNames(dateTime, func(s string) string {
			t, _ := time.Parse(time.RFC3339, s)
			return t.UTC().Format(time.RFC3339)
		})},
		{"date-text-order", "The text 01/02/2024 is stored as 2024-01-02.", storesNames(`^\d\d/\d\d/\d{4}$`, func(s string) string { return s[6:] + "-" + s[:2] + "-" + s[3:5] })},
	}
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(\.[0-9]+)?([eE][0-9]+)?$`)

// stores changes texts that match the pattern before they are stored.
func stores(pattern string, change func(match []string) string) func(*server) {
	re := regexp.MustCompile(pattern)
	return storeTexts(func(_, s string) string {
		if m := re.FindStringSubmatch(s); m != nil {
			return change(m)
		}
		return s
	})
}

// storesNames does so for texts that have no format.
func storesNames(pattern string, change func(s string) string) func(*server) {
	re := regexp.MustCompile(pattern)
	return storeTexts(func(p, s string) string {
		if isFreeText(p) && re.MatchString(s) {
			return change(s)
		}
		return s
	})
}

// showsTexts shows texts that have no format as something else.
func showsTexts(change func(s string) any) func(*server) {
	return answerValues(func(p string, v any) any {
		if s, ok := v.(string); ok && isFreeText(p) {
			return change(s)
		}
		return v
	})
}

// clearsTexts clears an attribute that is set to one of the texts.
func clearsTexts(texts ...string) func(*server) {
	return storeAttributes(func(a object) {
		changeValues(a, "", func(_ string, v any) any {
			if s, ok := v.(string); ok && slices.Contains(texts, s) {
				return nil
			}
			return v
		})
	})
}

func isFreeText(pointer string) bool {
	return slices.Contains([]string{"/firstName", "/lastName", "/address/street", "/address/locality", "/address/additionalAddressLink", "/address/region"}, pointer)
}

// evaluated returns the number as a double precision number without exponent.
func evaluated(s string) string {
	f, _ := strconv.ParseFloat(s, 64)
	whole, _ := big.NewFloat(f).Int(nil)
	return whole.String()
}

func inBase(digits string, base int) string {
	n, _ := strconv.ParseInt(digits, base, 64)
	return strconv.FormatInt(n, 10)
}
