using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Pools;
using Polyphony.Web.Sites;

namespace Polyphony.Web.Mandates;

/// <summary>How many of the panel have each value of one criterion: what the hemicycle shows.</summary>
public sealed record PanelFigure(string Criterion, IReadOnlyList<(string Value, int Count)> Values)
{
    /// <summary>One figure for each criterion; empty before the draw. Composition is counted, never who.</summary>
    public static async Task<IReadOnlyList<PanelFigure>> ReadAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken)
    {
        List<List<int>> members = await (
            from participant in db.Participants
            where participant.DialogueId == dialogue && (participant.Status == ParticipantStatus.Selected || participant.Status == ParticipantStatus.Confirmed)
            join member in db.PoolMembers on participant.PoolMemberId equals member.Id
            select member.Values).ToListAsync(cancellationToken);
        if (members.Count == 0)
        {
            return [];
        }

        IReadOnlyList<Criterion> criteria = await CommonCriteria.ReadAsync(db, dialogue, cancellationToken);
        return
        [
            .. criteria.Select((criterion, index) => new PanelFigure(
                criterion.Name,
                [.. criterion.Values.OrderBy(value => value.Position).Select((value, position) => (value.Name, members.Count(values => values[index] == position)))])),
        ];
    }
}
