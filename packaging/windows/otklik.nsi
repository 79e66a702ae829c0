; The installer for Windows: for one user, without an administrator's rights. What
; people have written (%AppData%\otklik) stays when the program goes.
; scripts/dist.sh calls it with VERSION, SOURCE (the folder to install) and OUT.
Unicode true
!include MUI2.nsh
Name "Отклик ${VERSION}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Otklik"
InstallDirRegKey HKCU "Software\Otklik" "Folder"
SetCompressor /SOLID lzma
SetDateSave off
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=1049 "ProductName" "Отклик"
VIAddVersionKey /LANG=1049 "FileDescription" "Установка программы «Отклик»"
VIAddVersionKey /LANG=1049 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1049 "LegalCopyright" "MIT"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\otklik.exe"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Otklik"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Russian"
!insertmacro MUI_LANGUAGE "English"

Section
	SetOutPath "$INSTDIR"
	ClearErrors
	File "${SOURCE}/otklik.exe"
	IfErrors 0 +3
		MessageBox MB_OK|MB_ICONSTOP "Закройте «Отклик» и запустите установку ещё раз."
		Abort
	File "${SOURCE}/otklik.com"
	File "${SOURCE}/README.txt"
	File "${SOURCE}/CHANGES.txt"
	File "${SOURCE}/LICENSE.txt"
	WriteUninstaller "$INSTDIR\uninstall.exe"
	CreateShortcut "$SMPROGRAMS\Отклик.lnk" "$INSTDIR\otklik.exe"
	CreateShortcut "$DESKTOP\Отклик.lnk" "$INSTDIR\otklik.exe"
	WriteRegStr HKCU "Software\Otklik" "Folder" "$INSTDIR"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Отклик"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
	WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\otklik.exe"
	WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Otklik"
	WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
	WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
	WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
	WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section Uninstall
	Delete "$INSTDIR\otklik.exe"
	Delete "$INSTDIR\otklik.com"
	Delete "$INSTDIR\README.txt"
	Delete "$INSTDIR\CHANGES.txt"
	Delete "$INSTDIR\LICENSE.txt"
	Delete "$INSTDIR\uninstall.exe"
	RMDir "$INSTDIR"
	Delete "$SMPROGRAMS\Отклик.lnk"
	Delete "$DESKTOP\Отклик.lnk"
	DeleteRegKey HKCU "${UNINSTALL}"
	DeleteRegKey HKCU "Software\Otklik"
SectionEnd
