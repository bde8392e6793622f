package faulty

import (
	"context"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong in merging: forgotten fields, the semantics of PUT, and attributes that
// affect each other.
func mergeFaults() []Fault {
	var faults []Fault
	for _, p := range pointers {
		faults = append(faults, Fault{"ignores-" + dashed(p), "A patch of " + p[1:] + " is answered with 200 and sets nothing.", storeAttributes(func(a object) { drop(a, p) })})
	}
	return append(faults,
		Fault{"omitted-cleared", "What a patch omits is cleared, as PUT would.", storePatch(putAll)},
		Fault{"names-swapped", "The first and the last name are stored in each other's place.", storeAttributes(swapNames)},
		Fault{"locale-resets-zone", "A patch of the locale resets the time zone.", storeAttributes(func(a object) {
			if _, ok := a["locale"]; ok {
				setDefault(a, "zoneInfo", nil)
			}
		})},
		Fault{"address-clears-picture", "A patch of the address clears the picture.", storeAttributes(func(a object) {
			if _, ok := a["address"].(object); ok {
				setDefault(a, "pictureUrl", nil)
			}
		})},
	)
}

func putAll(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	if isRead(patch) {
		return next.Patch(ctx, id, patch)
	}
	return next.Patch(ctx, id, whole(patch))
}

func swapNames(a object) {
	first, hasFirst := a["firstName"]
	last, hasLast := a["lastName"]
	delete(a, "firstName")
	delete(a, "lastName")
	if hasFirst {
		a["lastName"] = first
	}
	if hasLast {
		a["firstName"] = last
	}
}

// What goes wrong with null and with the empty string.
func nullFaults() []Fault {
	return []Fault{
		{"null-ignored", "null is taken for omitted, as a field that is no pointer does.", storeAttributes(func(a object) { dropWhere(a, func(v any) bool { return v == nil }) })},
		{"null-becomes-empty", "null is stored as an empty string.", storeAttributes(func(a object) {
			changeValues(a, "", func(p string, v any) any {
				if v == nil && p != "/address" {
					return ""
				}
				return v
			})
		})},
		{"null-text-clears", "The text null is taken for null.", storeAttributes(func(a object) {
			changeValues(a, "", func(_ string, v any) any {
				if s, ok := v.(string); ok && strings.EqualFold(s, "null") {
					return nil
				}
				return v
			})
		})},
		{"null-fails", "null makes the server fail.", attributesOr501(func(a object) bool { return hasNull(a) })},
		{"null-refused-but-done", "null is refused with 422 and clears all the same.", refusedButDone},
		{"cleared-comes-back", "A cleared last name comes back with the next patch.", comesBack},
		{"empty-dropped", "An empty string is taken for omitted, as omitempty does.", storeAttributes(func(a object) { dropWhere(a, func(v any) bool { return v == "" }) })},
		{"empty-becomes-blank", "An empty string is stored as a blank.", storeTexts(func(_, s string) string {
			if s == "" {
				return " "
			}
			return s
		})},
	}
}

// dropWhere removes the members, also of the address, for which is says so.
func dropWhere(a object, is func(v any) bool) {
	for name, v := range a {
		if address, ok := v.(object); ok {
			dropWhere(address, is)
		} else if is(v) {
			delete(a, name)
		}
	}
}

func hasNull(a object) bool {
	for _, v := range a {
		address, ok := v.(object)
		if v == nil || ok && hasNull(address) {
			return true
		}
	}
	return false
}

// comesBack remembers the last name that a patch cleared, and sets it again with the next
// patch of something else.
func comesBack(s *server) {
	var mu sync.Mutex
	cleared := map[uuid.UUID]userstore.Optional[string]{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		mu.Lock()
		defer mu.Unlock()
		switch user, err := next.Get(ctx, id); {
		case err != nil || isRead(patch):
		case patch.LastName.IsNull():
			cleared[id] = user.Attributes.LastName
		case patch.LastName.IsZero() && !cleared[id].IsZero():
			patch.LastName = cleared[id]
			delete(cleared, id)
		default:
			delete(cleared, id)
		}
		return next.Patch(ctx, id, patch)
	})(s)
}

// What goes wrong with the address.
func addressFaults() []Fault {
	return []Fault{
		{"address-half-merged", "A partial address keeps the numbers and drops the other members that it omits.", storePatch(halfMerged)},
		{"address-by-turns", "A partial address is merged and replaced by turns.", byTurns},
		{"address-null-ignored", "null for the address is ignored.", storeAttributes(func(a object) {
			if v, ok := a["address"]; ok && v == nil {
				delete(a, "address")
			}
		})},
		{"address-member-null-ignored", "null for a member of the address is ignored.", storeAttributes(func(a object) {
			if address, ok := a["address"].(object); ok {
				dropWhere(address, func(v any) bool { return v == nil })
			}
		})},
		{"address-member-null-clears-all", "null for a member of the address clears all of it.", storeAttributes(func(a object) {
			if address, ok := a["address"].(object); ok && hasNull(address) {
				a["address"] = nil
			}
		})},
		{"address-empty-fails", "An address without members makes the server fail.", attributesOr501(func(a object) bool {
			address, ok := a["address"].(object)
			return ok && len(address) == 0
		})},
		{"address-empty-keeps-some", "An address without members clears the street and nothing else.", storeAttributes(func(a object) {
			if address, ok := a["address"].(object); ok && len(address) == 0 {
				address["street"] = nil
			}
		})},
	}
}

func halfMerged(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	address, ok := patch.Address.Get()
	if ok && address != (userstore.Address{}) {
		patch = rewrite(patch, func(o object) {
			for _, member := range []string{"country", "locality", "street", "additionalAddressLink", "region"} {
				setDefault(o["address"].(object), member, nil)
			}
		})
	}
	return next.Patch(ctx, id, patch)
}

func byTurns(s *server) {
	var mu sync.Mutex
	turn := map[uuid.UUID]int{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		mu.Lock()
		defer mu.Unlock()
		if _, ok := patch.Address.Get(); ok {
			turn[id]++
			if turn[id]%2 == 0 {
				patch = replacingAddress(patch)
			}
		}
		return next.Patch(ctx, id, patch)
	})(s)
}

// replacingAddress returns the patch with each omitted member of the address
// cleared.
func replacingAddress(patch userstore.Attributes) userstore.Attributes {
	return rewrite(patch, func(o object) {
		for _, p := range pointers {
			if member, ok := inAddress(p); ok {
				setDefault(o["address"].(object), member, nil)
			}
		}
	})
}
