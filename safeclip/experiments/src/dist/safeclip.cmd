@echo off
rem Runs SafeCLIP with the Java runtime beside it. SAFECLIP_JAVA_OPTS gives further options for the JVM, such as -Xmx8g.
chcp 65001 >nul
"%~dp0..\runtime\bin\java" -Xmx3g -XX:+UseParallelGC -XX:ObjectAlignmentInBytes=64 --enable-native-access=jocl,org.safeclip.mpi ^
    -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 %SAFECLIP_JAVA_OPTS% ^
    -p "%~dp0..\lib" -m org.safeclip.experiments/org.safeclip.experiments.cli.Main %*
