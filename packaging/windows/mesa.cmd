@echo off
chcp 65001 >nul
cd /d "%~dp0"
for %%f in (opengl32.dll libgallium_wgl.dll) do if not exist %%f (
  echo Рядом с программой нет файла %%f. Где его взять, написано в MESA.txt.
  pause
  exit /b 1
)
set GALLIUM_DRIVER=llvmpipe
start "" otklik.exe %*
