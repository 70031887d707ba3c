using Polyphony.Dialogues;

namespace Polyphony.Storage.Draws;

/// <summary>An attempt at a lottery over panels, and the draw from it. All attempts are kept and shown.</summary>
[NotPersonal]
public sealed class Lottery
{
    public LotteryId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public SiteId SiteId { get; set; }

    /// <summary>1, 2, 3 … within the dialogue.</summary>
    public int Attempt { get; set; }

    public LotteryKind Kind { get; set; }

    public LotteryState State { get; set; }

    public string Objective { get; set; } = "";

    public int PanelSize { get; set; }

    /// <summary>How many numbered panels were asked for.</summary>
    public int PanelCount { get; set; }

    /// <summary>After so many seconds the search ends with the best lottery so far; null: it takes its time.</summary>
    public int? SecondsAllowed { get; set; }

    /// <summary>Code of the reason when the attempt ended without a lottery.</summary>
    public string EndCode { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ComputedAt { get; set; }

    public DateTimeOffset? FrozenAt { get; set; }

    public DateTimeOffset? DrawnAt { get; set; }

    /// <summary>For replacements by lottery: the tickets of those who stay and of those who are out, as they were when it was computed.</summary>
    public string ConditionsJson { get; set; } = "";

    /// <summary>Measures and chances by ticket, as the pure library serialises them.</summary>
    public string ResultJson { get; set; } = "";

    /// <summary>The numbered panels: for each panel the positions of its members in the ticket list, ascending by ticket, as little-endian int32.</summary>
    public byte[] Panels { get; set; } = [];

    /// <summary>The optimal lottery with what proves that none is fairer, gzip; it names nobody.</summary>
    public byte[] Certificate { get; set; } = [];

    /// <summary>The canonical manifest, published at the freeze.</summary>
    public string ManifestJson { get; set; } = "";

    /// <summary>The public record of the draw, published after the ceremony.</summary>
    public string RecordJson { get; set; } = "";

    public int? ChosenPanel { get; set; }
}
