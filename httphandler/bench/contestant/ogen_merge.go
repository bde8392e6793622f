package contestant

import "github.com/userrecord/userrecord/httphandler/bench/contestant/ogenuser"

func mergeOgen(old, patch *ogenuser.Attributes) {
	setOpt(&old.FirstName, patch.FirstName)
	setOpt(&old.LastName, patch.LastName)
	setOpt(&old.Email, patch.Email)
	setOpt(&old.PhoneNumber, patch.PhoneNumber)
	setOpt(&old.PictureUrl, patch.PictureUrl)
	setOpt(&old.Gender, patch.Gender)
	setOpt(&old.BirthDate, patch.BirthDate)
	setOpt(&old.Locale, patch.Locale)
	setOpt(&old.ZoneInfo, patch.ZoneInfo)
	if address, ok := patch.Address.Get(); ok {
		merged := old.Address.Value
		mergeOgenAddress(&merged, &address)
		old.Address = ogenuser.NewOptNilAddress(merged)
		return
	}
	setOpt(&old.Address, patch.Address)
}

func mergeOgenAddress(old, patch *ogenuser.Address) {
	setOpt(&old.Country, patch.Country)
	setOpt(&old.Locality, patch.Locality)
	setOpt(&old.Street, patch.Street)
	setOpt(&old.HouseNo, patch.HouseNo)
	setOpt(&old.AdditionalAddressLink, patch.AdditionalAddressLink)
	setOpt(&old.Region, patch.Region)
	setOpt(&old.PostalCode, patch.PostalCode)
}

// setOpt sets a member that the patch provides. null unsets it.
func setOpt[T interface {
	IsSet() bool
	IsNull() bool
}](old *T, patch T) {
	switch {
	case patch.IsNull():
		var unset T
		*old = unset
	case patch.IsSet():
		*old = patch
	}
}
