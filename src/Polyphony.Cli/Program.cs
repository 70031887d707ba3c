using System.Runtime.InteropServices;
using System.Text;
using Polyphony.Cli.Frame;

// Sentences hold typographic marks; a console of another encoding would show them as question marks.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using CancellationTokenSource stop = new();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();

    // Work may not listen at once: after a second it is dropped, with what it had written so far.
    _ = new Timer(
        _ => Environment.Exit(OutputFolder.DropAll(Shell.Interrupt(Console.Out, Console.Error, args.Contains("--json")))), null, TimeSpan.FromSeconds(0.9), Timeout.InfiniteTimeSpan);
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return Tool.Run(args, Console.Out, Console.Error, terminal: !Console.IsErrorRedirected, stop.Token);
