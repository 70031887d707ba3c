using Polyphony.Web.Audiences;

namespace Polyphony.Web.Rooms;

/// <summary>The day itself: who has come, where the day stands, who needs help.</summary>
internal static class RoomsFeature
{
    public static void AddRooms(this IServiceCollection services) => services.AddScoped<RoomDesk>();

    public static void MapRooms(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser().AtOneSite();
        ShowRoom.Map(app.MapStaffReader().AtOneSite());
        ConfirmClosing.Map(organiser);
        CheckIn.Map(organiser);
        PassPlaceOn.Map(organiser);
        ReseatPeople.Map(organiser);
        AnswerHelp.Map(organiser);
    }
}
