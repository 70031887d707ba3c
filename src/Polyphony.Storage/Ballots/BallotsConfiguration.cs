using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Participants;

namespace Polyphony.Storage.Ballots;

internal sealed class BallotsConfiguration
    : IEntityTypeConfiguration<Credential>, IEntityTypeConfiguration<Participation>, IEntityTypeConfiguration<Ballot>,
      IEntityTypeConfiguration<BallotReceipt>, IEntityTypeConfiguration<SessionCount>, IEntityTypeConfiguration<PaperTally>, IEntityTypeConfiguration<TabletTurn>,
      IEntityTypeConfiguration<PairCount>
{
    public void Configure(EntityTypeBuilder<Credential> builder)
    {
        builder.HasKey(credential => credential.Hash);
        builder.HasIndex(credential => credential.ParticipantId);
        builder.HasOne<Participant>().WithMany().HasForeignKey(credential => credential.ParticipantId);
    }

    public void Configure(EntityTypeBuilder<Participation> builder)
    {
        builder.HasKey(participation => new { participation.SessionId, participation.ParticipantId });
        builder.HasOne<Session>().WithMany().HasForeignKey(participation => participation.SessionId);
    }

    public void Configure(EntityTypeBuilder<Ballot> builder)
    {
        builder.HasKey(ballot => ballot.Key);
        builder.HasIndex(ballot => ballot.Locator).IsUnique();
        builder.HasIndex(ballot => ballot.SessionId);
    }

    public void Configure(EntityTypeBuilder<BallotReceipt> builder)
    {
        builder.HasKey(receipt => receipt.Key);
        builder.HasIndex(receipt => receipt.SessionId);
    }

    public void Configure(EntityTypeBuilder<SessionCount> builder)
    {
        builder.HasKey(count => count.SessionId);
        builder.HasOne<Session>().WithOne().HasForeignKey<SessionCount>(count => count.SessionId);
    }

    public void Configure(EntityTypeBuilder<PairCount> builder)
    {
        builder.HasKey(count => count.SessionId);
        builder.HasOne<Session>().WithOne().HasForeignKey<PairCount>(count => count.SessionId);
    }

    public void Configure(EntityTypeBuilder<PaperTally> builder) => builder.HasKey(tally => new { tally.SessionId, tally.Table, tally.Entry });

    public void Configure(EntityTypeBuilder<TabletTurn> builder)
    {
        builder.HasKey(turn => turn.CodeHash);
        builder.HasIndex(turn => new { turn.SessionId, turn.ParticipantId });
    }
}
