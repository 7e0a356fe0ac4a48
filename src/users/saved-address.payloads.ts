import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { SavedAddress } from './saved-address.type.js';
import { User } from './user.type.js';

@ObjectType({ isAbstract: true })
abstract class AddressBookPayload extends Payload {
  @Field(() => User, {
    nullable: true,
    description: 'Whose book it is, with all its addresses as they are now; null when refused.',
  })
  user?: User | null;
}

@ObjectType({ isAbstract: true })
abstract class SavedAddressPayload extends AddressBookPayload {
  @Field(() => SavedAddress, { nullable: true, description: 'The address as it is now; null when refused.' })
  address?: SavedAddress | null;
}

@ObjectType({ description: 'Result of createAddress.' })
export class CreateAddressPayload extends SavedAddressPayload {}

@ObjectType({ description: 'Result of updateAddress.' })
export class UpdateAddressPayload extends SavedAddressPayload {}

@ObjectType({ description: 'Result of deleteAddress.' })
export class DeleteAddressPayload extends AddressBookPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the address that is gone; null when refused.' })
  deletedAddressId?: string | null;
}
