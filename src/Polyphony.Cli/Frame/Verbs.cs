using System.CommandLine;
using Polyphony.Cli.Analyse;
using Polyphony.Cli.Draw;
using Polyphony.Cli.Invite;
using Polyphony.Cli.Seat;

namespace Polyphony.Cli.Frame;

/// <summary>The table of contents: every verb of the tool.</summary>
internal static class Verbs
{
    /// <summary>Understood by every verb.</summary>
    public static readonly Option<bool> Json = new("--json") { Description = "Answer with exactly one JSON object on standard output.", Recursive = true };

    public static RootCommand Root()
    {
        RootCommand root = new("Draws and checks what citizens' dialogues need, offline: invitations from a register, fair lotteries, public draws, seating plans.");
        root.Options.Add(Json);
        root.Subcommands.Add(InviteVerb.Make());
        root.Subcommands.Add(DrawVerbs.Group());
        root.Subcommands.Add(AnalyseVerbs.Group());
        root.Subcommands.Add(SeatVerb.Make());
        return root;
    }
}
