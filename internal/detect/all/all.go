// Package all lists the detectors. Adding one means adding a folder beside this
// one and a line here.
package all

import (
	"muster/internal/detect"
	"muster/internal/detect/anonymiser"
	"muster/internal/detect/anonymiserclient"
	"muster/internal/detect/bankchange"
	"muster/internal/detect/bankchangeorigin"
	"muster/internal/detect/busyreferee"
	"muster/internal/detect/colocateddevices"
	"muster/internal/detect/copiedhistory"
	"muster/internal/detect/copiedreference"
	"muster/internal/detect/crowdedaddress"
	"muster/internal/detect/earlyremotetool"
	"muster/internal/detect/firstboot"
	"muster/internal/detect/formerworkerreferral"
	"muster/internal/detect/gitidentity"
	"muster/internal/detect/indicatorhit"
	"muster/internal/detect/kvmmonitor"
	"muster/internal/detect/kvmspoof"
	"muster/internal/detect/kvmusb"
	"muster/internal/detect/meetingdevice"
	"muster/internal/detect/neverconverges"
	"muster/internal/detect/otheremployer"
	"muster/internal/detect/redirectedparcel"
	"muster/internal/detect/refereeidentity"
	"muster/internal/detect/referenceorigin"
	"muster/internal/detect/remotetool"
	"muster/internal/detect/resumemetadata"
	"muster/internal/detect/resumetext"
	"muster/internal/detect/sharedaddress"
	"muster/internal/detect/sharedemail"
	"muster/internal/detect/sharedfactor"
	"muster/internal/detect/sharedpayout"
	"muster/internal/detect/sharedphone"
	"muster/internal/detect/sharedshipto"
	"muster/internal/detect/shiptomismatch"
	"muster/internal/detect/silentlaptop"
	"muster/internal/detect/stackedremotetools"
	"muster/internal/detect/twoplaces"
	"muster/internal/detect/unattendedremote"
	"muster/internal/detect/unmanagedonly"
	"muster/internal/detect/vouchingring"
)

// Detectors returns all detectors in the order of the catalogue.
func Detectors() []*detect.Detector {
	return []*detect.Detector{
		sharedphone.Detector,
		sharedemail.Detector,
		resumetext.Detector,
		resumemetadata.Detector,
		copiedhistory.Detector,
		sharedaddress.Detector,
		indicatorhit.Detector,
		meetingdevice.Detector,
		refereeidentity.Detector,
		vouchingring.Detector,
		referenceorigin.Detector,
		copiedreference.Detector,
		busyreferee.Detector,
		formerworkerreferral.Detector,
		shiptomismatch.Detector,
		redirectedparcel.Detector,
		sharedshipto.Detector,
		firstboot.Detector,
		earlyremotetool.Detector,
		sharedpayout.Detector,
		bankchange.Detector,
		bankchangeorigin.Detector,
		anonymiser.Detector,
		crowdedaddress.Detector,
		colocateddevices.Detector,
		neverconverges.Detector,
		remotetool.Detector,
		stackedremotetools.Detector,
		unattendedremote.Detector,
		kvmusb.Detector,
		kvmspoof.Detector,
		kvmmonitor.Detector,
		anonymiserclient.Detector,
		twoplaces.Detector,
		sharedfactor.Detector,
		gitidentity.Detector,
		otheremployer.Detector,
		unmanagedonly.Detector,
		silentlaptop.Detector,
	}
}
